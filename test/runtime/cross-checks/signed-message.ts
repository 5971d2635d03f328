import fc from 'fast-check';
import type { Canonicalization } from '../../../runtime/dkim/canonical-header.ts';
import type { KeyType } from '../../../runtime/dkim/key-record.ts';

/** A message, how it is signed, and how it is changed on its way. */
export interface SignedMessage {
  /** Header and body with CRLF line ends, bytes as Latin-1. */
  readonly content: string;
  readonly type: KeyType;
  readonly headerForm: Canonicalization;
  readonly bodyForm: Canonicalization;
  readonly lifetime: number | null;
  readonly oversigned: readonly string[];
  /** Changes something at that share of the message, 0 to 1. */
  readonly change: Change | null;
}

export interface Change {
  readonly at: number;
  readonly kind: 'letter' | 'blank' | 'fold' | 'line end' | 'removal';
}

const form = fc.constantFrom<Canonicalization>('simple', 'relaxed');
const word = fc.oneof(
  fc.stringMatching(/^[!-~]{1,12}$/),
  fc.constantFrom('a', '=', ';', 'b=', '.', '=?utf-8?q?x?=', 'gr\xc3\xbc\xc3\x9fe', '\xff\xfe'),
);
const gap = fc.constantFrom(' ', ' ', ' ', '  ', '\t', ' \t ', '\r\n ', '\r\n\t', ' \r\n  ');
const value = fc
  .array(fc.tuple(gap, word), { maxLength: 8 })
  .chain((parts) =>
    fc
      .constantFrom('', '', ' ', '\t ')
      .map((end) => `${parts.map(([blank, text]) => `${blank}${text}`).join('')}${end}`),
  );
const otherName = fc.constantFrom(
  ...['Subject', 'SUBJECT', 'To', 'to', 'Cc', 'Reply-To', 'List-Id', 'Received', 'X-Other', 'Content-Type', 'sender'],
);
const field = fc.tuple(otherName, value).map(([name, text]) => `${name}:${text}\r\n`);
const from = fc
  .tuple(
    fc.constantFrom('From', 'FROM', 'from'),
    fc.constantFrom(' ', '  ', '', '\r\n '),
    fc.constantFrom('', ' ', '\t'),
  )
  .map(([name, before, after]) => `${name}:${before}Ann <ann@x.test>${after}\r\n`);
const line = fc.oneof(
  fc
    .array(fc.tuple(fc.constantFrom('', ' ', '  ', '\t', ' \t'), word), { maxLength: 10 })
    .map((parts) => parts.flat().join('')),
  fc.constantFrom('', '', ' ', '\t', '.', '..', 'x'.repeat(990)),
  fc.constantFrom('trailing ', 'trailing\t \t'),
);
/** Over SMTP every line that is there has its end. */
const body = fc.array(line, { maxLength: 20 }).map((lines) => lines.map((text) => `${text}\r\n`).join(''));

export const signedMessage: fc.Arbitrary<SignedMessage> = fc.record({
  content: fc
    .tuple(fc.array(field, { maxLength: 10 }), from, fc.array(field, { maxLength: 5 }), body)
    .map(([before, own, after, text]) => [...before, own, ...after, '\r\n', text].join('')),
  type: fc.constantFrom<KeyType>('rsa', 'ed25519'),
  headerForm: form,
  bodyForm: form,
  lifetime: fc.constantFrom(null, 3_600),
  oversigned: fc.constantFrom<readonly string[]>(
    ['From'],
    ['From', 'Subject', 'To', 'Cc', 'List-Id'],
    ['subject', 'from'],
  ),
  change: fc.option(
    fc.record({
      at: fc.double({ min: 0, max: 0.999_999, noNaN: true }),
      kind: fc.constantFrom<Change['kind']>('letter', 'blank', 'fold', 'line end', 'removal'),
    }),
  ),
});

/** The signed message as it arrives. Where the change cannot be made it arrives as it was; lines keep their CRLF. */
export function changed(message: string, change: Change | null): string {
  if (change === null) return message;
  const near = Math.floor(change.at * message.length);
  const { find, put } = changes[change.kind];
  find.lastIndex = near;
  const match = find.exec(message);
  if (match === null) return message;
  return `${message.slice(0, match.index)}${put(match[0])}${message.slice(match.index + match[0].length)}`;
}

const changes: Readonly<Record<Change['kind'], { readonly find: RegExp; readonly put: (found: string) => string }>> = {
  letter: { find: /[a-z]/g, put: (found) => (found === 'q' ? 'r' : 'q') },
  blank: { find: / /g, put: () => '  ' },
  fold: { find: /\r\n[ \t]+/g, put: () => ' ' },
  'line end': { find: /\r\n$/g, put: () => '\r\n\r\n' },
  removal: { find: /[A-Za-z]/g, put: () => '' },
};
