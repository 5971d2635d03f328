/** Value of the field (RFC 8601 section 2.2); null when no check gave a result. */
export function authenticationResults(hostname: string, results: readonly string[]): string | null {
  return results.length === 0 ? null : [hostname, ...results].join('; ');
}
