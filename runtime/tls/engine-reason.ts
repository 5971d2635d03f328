/** What the TLS engine says of a handshake that failed: `wrong version number`, without the numbers and source files around it. */
export function engineReason(error: unknown): string | null {
  return error instanceof Error && 'reason' in error && typeof error.reason === 'string' ? error.reason : null;
}
