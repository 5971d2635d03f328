/** A plan is JSON; a directive cannot begin with a brace. */
export function isPlanText(text: string): boolean {
  return /^\s*\{/.test(text);
}
