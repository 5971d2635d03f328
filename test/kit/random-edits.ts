import type { Range } from 'vscode-languageserver-protocol/node';

export interface RandomEdits {
  /** Changes as an editor sends them: each in the text that the one before left. */
  readonly batches: readonly (readonly { readonly range: Range; readonly text: string }[])[];
  /** The text after all of them. */
  readonly text: string;
}

const pieces = [
  '{',
  '}',
  '\n',
  '\r\n',
  ' ',
  '"',
  '#',
  '$(x)',
  '&y',
  '\\',
  'smtp',
  'é',
  '😀',
  '\t',
  'a b c\n',
  '{\n}\n',
  '',
];

/** The same for the same seed. */
export function randomEdits(start: string, options: { seed: number; count: number }): RandomEdits {
  let { seed } = options;
  const below = (limit: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return (seed >>> 8) % limit;
  };
  let text = start;
  const batches = Array.from({ length: options.count }, () =>
    Array.from({ length: below(3) + 1 }, () => {
      const from = boundary(text, below(text.length + 1));
      const length = below(4) === 0 ? below(200) : below(12);
      const to = Math.max(from, boundary(text, Math.min(text.length, from + length)));
      // A text that has become short is filled up again.
      const inserted =
        text.length < 200 ? start : Array.from({ length: below(3) }, () => pieces[below(pieces.length)]).join('');
      const range = { start: positionAt(text, from), end: positionAt(text, to) };
      text = text.slice(0, from) + inserted + text.slice(to);
      return { range, text: inserted };
    }),
  );
  return { batches, text };
}

/** Not inside of a CRLF or of a surrogate pair: the protocol has no such positions. */
function boundary(text: string, offset: number): number {
  const isInside = (text[offset - 1] === '\r' && text[offset] === '\n') || /[\uDC00-\uDFFF]/.test(text[offset] ?? '');
  return isInside ? offset - 1 : offset;
}

/** Lines of the protocol end at LF, CRLF and CR. */
function positionAt(text: string, offset: number): Range['start'] {
  const lines = text.slice(0, offset).split(/\r\n|\n|\r/);
  return { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
}
