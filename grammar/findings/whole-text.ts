import type { Code } from '../code.ts';
import { type Finding, found } from '../finding.ts';

/** What makes a text something else than it was written to be: all that is found in it besides follows from that. */

export const otherEncoding: Code = {
  code: 'M1118',
  name: 'other-encoding',
  severity: 'error',
  summary: 'a file in UTF-16 or UTF-32',
  page: () => ({
    docs: 'maddy reads UTF-8. In UTF-16, in which some Windows editors and PowerShell save, each letter comes with a NUL byte, so that no word is what it looks like, and no mail is served as meant. Nothing else is told about such a file. Convert it: `iconv -f UTF-16 -t UTF-8`, or "Save with encoding: UTF-8" in the editor.',
    invalid: '\udcff\udcfeh\0o\0s\0t\0n\0a\0m\0e\0 \0m\0x\0.\0e\0x\0a\0m\0p\0l\0e\0.\0o\0r\0g\0\n\0',
    valid: 'hostname mx.example.org\n',
  }),
};

export const binaryFile: Code = {
  code: 'M1119',
  name: 'binary-file',
  severity: 'error',
  summary: 'a file that is no text',
  page: () => ({
    docs: 'The file has NUL bytes and much else that no text has: it is a program, an archive or a database, or a crash has overwritten it. maddy reads its bytes as words. Nothing else is told about such a file. Name the configuration instead, or take the file from a backup.',
    invalid: '\u007fELF\u0002\u0001\u0001\0\0\0\0\0\0\0\0\0\u0003\0>\0\u0001\0\0\0',
    valid: 'hostname mx.example.org\n',
  }),
};

export const oldMacLineEnds: Code = {
  code: 'M1120',
  name: 'old-mac-line-ends',
  severity: 'error',
  summary: 'a file whose lines end in CR alone',
  page: () => ({
    docs: 'Only LF ends a line. This file has none: its lines end in CR alone, as on old Macs, so all of it is one line for maddy: a comment at its start is all there is, or everything is an argument of the first directive. Nothing else is told about such a file until its line ends are LF.',
    invalid: '# mail server\rhostname mx.example.org\r',
    valid: '# mail server\nhostname mx.example.org\n',
  }),
};

export const wholeTextCodes: readonly Code[] = [otherEncoding, binaryFile, oldMacLineEnds];

/** Null for nearly every text, at the cost of a search for NUL and LF. */
export function findWholeText(text: string): Finding | null {
  const encoding = encodingOf(text);
  if (encoding !== null) return inEncoding(encoding);
  if (isBinary(text)) {
    return found(binaryFile, 'this file is binary, not a text', firstUnit, {
      label: 'NUL bytes',
      details: [
        'maddy reads its bytes as words: no mail is served as meant.',
        'Name the configuration instead, or take the file from a backup.',
      ],
    });
  }
  return text.includes('\n') ? null : findCarriageReturnsOnly(text);
}

interface Encoding {
  readonly name: string;
  /** As iconv takes it. */
  readonly iconv: string;
}

const firstUnit = { start: 0, end: 1 };

function inEncoding({ name, iconv }: Encoding): Finding {
  return found(otherEncoding, `this file is ${name}, and maddy reads UTF-8`, firstUnit, {
    label: `${name} begins here`,
    details: [
      'No word in it is what it looks like, so no mail is served as meant.',
      `Convert it: iconv -f ${iconv} -t UTF-8 OLD > NEW`,
    ],
  });
}

/** Bytes that are no UTF-8 are lone surrogates (encoding.ts). */
const marks: readonly (readonly [string, Encoding])[] = [
  ['\udcff\udcfe\0\0', { name: 'UTF-32', iconv: 'UTF-32' }],
  ['\0\0\udcfe\udcff', { name: 'UTF-32', iconv: 'UTF-32' }],
  ['\udcff\udcfe', { name: 'UTF-16 (little-endian)', iconv: 'UTF-16' }],
  ['\udcfe\udcff', { name: 'UTF-16 (big-endian)', iconv: 'UTF-16' }],
];

/** Enough to tell what a file is. */
const SAMPLE = 4096;

/** By its byte order mark; else every second byte of what ASCII there is, is NUL. */
function encodingOf(text: string): Encoding | null {
  for (const [mark, encoding] of marks) if (text.startsWith(mark)) return encoding;
  if (!text.includes('\0')) return null;
  const sample = text.slice(0, SAMPLE);
  const nuls = [0, 0];
  for (let at = 0; at < sample.length; at += 1) {
    if (sample.charCodeAt(at) === 0) nuls[at % 2] = (nuls[at % 2] ?? 0) + 1;
  }
  const [even = 0, odd = 0] = nuls;
  const pairs = sample.length / 2;
  if (pairs < 4) return null;
  if (odd > pairs * 0.6 && even < pairs * 0.05) return { name: 'UTF-16 (little-endian)', iconv: 'UTF-16LE' };
  if (even > pairs * 0.6 && odd < pairs * 0.05) return { name: 'UTF-16 (big-endian)', iconv: 'UTF-16BE' };
  return null;
}

/** A stray NUL makes no binary file: one unit in ten that no text has does. */
function isBinary(text: string): boolean {
  if (!text.includes('\0')) return false;
  const sample = text.slice(0, SAMPLE);
  let foreign = 0;
  for (let at = 0; at < sample.length; at += 1) if (isForeign(sample.charCodeAt(at))) foreign += 1;
  return sample.includes('\0') && foreign > 4 && foreign > sample.length / 10;
}

/** Control characters but white space and escape, and bytes that are no UTF-8. */
function isForeign(unit: number): boolean {
  if (unit < 0x20) return unit < 0x08 || (unit > 0x0d && unit !== 0x1b);
  return unit === 0x7f || unit === 0xfffd || (unit >= 0xdc80 && unit <= 0xdcff);
}

function findCarriageReturnsOnly(text: string): Finding | null {
  const first = text.search(/\r(?=[^\r])/);
  if (first === -1) return null;
  const edits = [...text.matchAll(/\r/g)].map(({ index }) => ({ range: { start: index, end: index + 1 }, text: '\n' }));
  return found(
    oldMacLineEnds,
    'the lines of this file end in CR alone: for maddy it is one line',
    { start: first, end: first + 1 },
    {
      label: 'does not end the line',
      details: [
        'Old Macs ended lines so. maddy knows only LF.',
        'What stands after the first word or comment is not read as written, so no mail is served as meant.',
      ],
      fixes: [{ title: 'end the lines with LF', safe: true, edits }],
    },
  );
}
