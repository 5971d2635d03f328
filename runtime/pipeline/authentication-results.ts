/** Value of the field (RFC 8601 section 2.2); null when no check gave a result. */
export function authenticationResults(hostname: string, results: readonly string[]): string | null {
  return results.length === 0 ? null : [hostname, ...results].join('; ');
}

/**
 * One method's result: `spf=pass reason="matched all" smtp.mailfrom=example.org` (runtime-mta 12). Empty properties are left
 * out; the others come in the order of their names.
 */
export function methodResult(
  method: string,
  value: string,
  reason: string,
  properties: Readonly<Record<string, string>>,
): string {
  const pairs = Object.keys(properties)
    .sort()
    .map((name): readonly [string, string] => [name, properties[name] ?? ''])
    .filter(([, text]) => text !== '')
    .map(([name, text]) => `${name}=${bareValue.test(text) ? text : quoteIfNeeded(text)}`);
  if (reason !== '') pairs.unshift(`reason=${quoteIfNeeded(reason)}`);
  return `${method}=${value} ${pairs.join(' ')}`;
}

const bareValue = /^[A-Za-z0-9#$%&'*+,./\-@[\\\]^_`{|}~]+$/;

function quoteIfNeeded(text: string): string {
  const plain = text.replace(/[\r\n]+/g, ' ');
  return /[\s\x00-\x1f\x7f()<>@,;:\\"/[\]?=]/.test(plain) ? `"${plain.replace(/"/g, '\\"')}"` : plain;
}
