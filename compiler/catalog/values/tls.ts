import { misread, type Reading, read, type Words } from './reading.ts';

export const tlsVersions = ['tls1.0', 'tls1.1', 'tls1.2', 'tls1.3'] as const;
export type TlsVersion = (typeof tlsVersions)[number];

export type TlsVersions = {
  /** Null: the library's own limit. */
  readonly min: TlsVersion | null;
  readonly max: TlsVersion | null;
};

/** `VERSION`, or `MIN MAX`; an empty word leaves a limit to the library. */
export function readTlsVersions(words: Words): Reading<TlsVersions> {
  const [first, second] = words.args;
  if (first === undefined) return misread('too-few', 'expected 1 or 2 arguments');
  if (words.args.length > 2) return misread('too-many', 'expected 1 or 2 arguments', 2);
  const versions: (TlsVersion | null)[] = [];
  for (const [index, word] of [first, second ?? first].entries()) {
    const version = tlsVersions.find((known) => known === word);
    if (version === undefined && word !== '') return misread('form', `invalid TLS version value: ${word}`, index);
    versions.push(version ?? null);
  }
  return read({ min: versions[0] ?? null, max: versions[1] ?? null });
}

/** Cipher suites or curves by name; `kind` is the word for one of them. */
export function readTlsNames(words: Words, allowed: readonly string[], kind: string): Reading<readonly string[]> {
  if (words.args.length === 0) return misread('too-few', 'expected at least 1 argument, got 0');
  const wrong = words.args.findIndex((name) => !allowed.includes(name));
  return wrong === -1 ? read(words.args) : misread('form', `unknown ${kind}: ${words.args[wrong]}`, wrong);
}
