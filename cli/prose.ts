/** Running text for a terminal. */
export interface Emphasis {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
}

export function emphasisFor(color: boolean): Emphasis {
  const wrapped = (code: string) => (text: string) => (color ? `\u001b[${code}m${text}\u001b[0m` : text);
  return { bold: wrapped('1'), dim: wrapped('2') };
}

const WIDEST = 100;

/** Lines that are not wider than the terminal; words are kept whole. */
export function paragraph(text: string, columns: number): string {
  const width = Math.min(columns > 20 ? columns : WIDEST, WIDEST);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].join('\n');
}
