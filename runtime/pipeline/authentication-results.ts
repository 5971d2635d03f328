/** What one method of authentication found (RFC 8601 section 2.3). */
export interface MethodResult {
  readonly method: 'spf' | 'dkim' | 'dmarc' | 'arc';
  readonly value: string;
  /** Empty: none is told. */
  readonly reason: string;
  /** `smtp.mailfrom`, `header.d` and so on; empty ones are left out. */
  readonly properties: Readonly<Record<string, string>>;
  /** Of DKIM; the field does not tell it, reports do. */
  readonly selector?: string;
}

/** Value of the field (RFC 8601 section 2.2); null when no check gave a result. */
export function authenticationResults(hostname: string, results: readonly MethodResult[]): string | null {
  return results.length === 0 ? null : [hostname, ...results.map(methodText)].join('; ');
}

/** `spf=pass reason="matched all" smtp.mailfrom=example.org` (runtime-mta 12); properties come in the order of their names. */
function methodText({ method, value, reason, properties }: MethodResult): string {
  const pairs = Object.keys(properties)
    .sort()
    .map((name): readonly [string, string] => [name, properties[name] ?? ''])
    .filter(([, text]) => text !== '' && text.length <= longestValue)
    .map(([name, text]) => `${name}=${bareValue.test(text) ? text : quoteIfNeeded(text)}`);
  if (reason !== '') pairs.unshift(`reason=${quoteIfNeeded(reason.slice(0, longestReason))}`);
  return `${method}=${value} ${pairs.join(' ')}`;
}

/** No address or domain is longer (RFC 5321 section 4.5.3.1): what is comes from somebody who wants to fill the header. */
const longestValue = 320;
const longestReason = 300;

const bareValue = /^[A-Za-z0-9#$%&'*+,./\-@[\\\]^_`{|}~]+$/;

function quoteIfNeeded(text: string): string {
  const plain = text.replace(/[\x00-\x08\n-\x1f\x7f]+/g, ' ');
  return /[\s\x00-\x1f\x7f()<>@,;:\\"/[\]?=]/.test(plain) ? `"${plain.replace(/["\\]/g, '\\$&')}"` : plain;
}
