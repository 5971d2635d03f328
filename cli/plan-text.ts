/** A plan is JSON; a configuration may begin with a brace by mistake, but not with a quoted name behind it. */
export function isPlanText(text: string): boolean {
  return /^\s*\{\s*"/.test(text);
}
