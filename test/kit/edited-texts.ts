import fc from 'fast-check';

/** Texts by path; the first one is the main file. */
export type Texts = ReadonlyMap<string, string>;

/** One edit of one of several texts; numbers are taken modulo what there is. */
export interface RandomEdit {
  readonly file: number;
  readonly at: number;
  readonly what: 'type' | 'delete' | 'delete line' | 'double line' | 'delete block' | 'double block' | 'undo';
  readonly piece: string;
}

/** Those that leave most of the configuration as it is come more often: what is kept matters then. */
const tame = ['x', 'a', '1', ' ', '\n', 'x', '# note\n', 'debug yes\n', 'hostname $(hostname)\n', 'import refuse\n'];
const pieces = [
  ...tame,
  ...tame,
  ...[
    'x',
    'a',
    '1',
    ' ',
    '\n',
    '\r\n',
    '\t',
    '{',
    '}',
    '"',
    '#',
    '\\',
    '=',
    ';',
    '&',
    '$(x)',
    '$(',
    ')',
    '{}',
    '\u00a0',
    '\ufeff',
  ],
  ...['# note\n', 'debug yes\n', 'x = y\n', '$(x) = one two\n', '$(hostname) = mx2.example.org\n', 'import refuse\n'],
  ...[
    'import other\n',
    'import extra.conf\n',
    '(refuse) {\n    reject\n}\n',
    'hostname $(hostname)\n',
    '&relay',
    '&nobody',
  ],
  ...[
    'target.smtp spare {\n    targets tcp://192.0.2.9:25\n}\n',
    'smtp tcp://0.0.0.0:26 {\n    deliver_to &spare\n}\n',
  ],
  ...['table.static names {\n    entry a b\n}\n', '# maddyc: dialect=madmail-2\n', '# maddyc: ignore\n', '{env:NAME}'],
  ...[
    'deliver_to &relay\n',
    'reject 550 5.7.1 "No"\n',
    'source example.org {\n',
    'check {\n    dkim\n}\n',
    'x { y } { z }\n',
    'deliver_to \\\n',
    '\\\n',
    'x "\n',
  ],
];

export const randomEdit: fc.Arbitrary<RandomEdit> = fc.record({
  // Most edits are of the main file.
  file: fc.constantFrom(0, 0, 0, 0, 0, 1),
  at: fc.nat(),
  what: fc.constantFrom(
    ...(['type', 'type', 'type', 'delete', 'delete', 'delete line', 'double line'] as const),
    ...(['delete block', 'double block', 'undo', 'undo', 'undo', 'undo', 'undo'] as const),
  ),
  piece: fc.constantFrom(...pieces),
});

/** All versions of the texts, from the first on. */
export function versionsOf(texts: Texts, edits: readonly RandomEdit[]): readonly Texts[] {
  const versions: Texts[] = [texts];
  for (const edit of edits) {
    const now = versions.at(-1) ?? texts;
    const path = [...now.keys()][edit.file % now.size] ?? '';
    const before = versions.at(-2) ?? texts;
    versions.push(edit.what === 'undo' ? before : new Map([...now, [path, edited(now.get(path) ?? '', edit)]]));
  }
  return versions;
}

function edited(text: string, { at: number, what, piece }: RandomEdit): string {
  const at = number % (text.length + 1);
  switch (what) {
    case 'type':
      return replaced(text, placeFor(text, at, piece), 0, piece);
    case 'delete':
      return replaced(text, at, 1 + (number % 5), '');
    case 'delete line':
    case 'double line':
      return changed(text, text.lastIndexOf('\n', at - 1) + 1, text.indexOf('\n', at) + 1, what === 'double line');
    default: {
      const from = text.lastIndexOf('\n}', at - 1) + 2;
      return changed(text, from, text.indexOf('\n}', at) + 2, what === 'double block');
    }
  }
}

/** Lines at the start of a line, mostly. */
function placeFor(text: string, at: number, piece: string): number {
  return piece.endsWith('\n') && at % 8 !== 0 ? text.lastIndexOf('\n', at - 1) + 1 : at;
}

function changed(text: string, from: number, to: number, isDoubled: boolean): string {
  if (to <= from) return text;
  return replaced(text, from, to - from, isDoubled ? text.slice(from, to).repeat(2) : '');
}

function replaced(text: string, at: number, length: number, by: string): string {
  return text.slice(0, at) + by + text.slice(at + length);
}
