/** What an error says, for a log line or a reply's cause. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
