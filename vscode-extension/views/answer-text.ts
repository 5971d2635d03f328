import type { Places } from './view-messages.ts';

export interface PlacedLine {
  readonly indent: number;
  readonly words: string;
  readonly file: string;
  readonly line: number;
}

/** A line that ends in a place: `parts.conf:30`, or `:34` for a line of the main file; null for others. */
export function readPlacedLine(text: string, main: string): PlacedLine | null {
  const [, indent = '', words = '', path = '', number] = /^(\s*)(.*?)\s+(\S*):(\d+)$/.exec(text) ?? [];
  if (number === undefined) return null;
  return { indent: indent.length, words, file: path === '' ? main : path, line: Number(number) };
}

/** Leads to the place; names it as the user knows it. */
export function placeLink(
  { file, line }: PlacedLine,
  { main, names }: Places,
  show: (file: string, line: number) => void,
): HTMLAnchorElement {
  const link = document.createElement('a');
  link.href = '#';
  link.textContent = `${file === main ? '' : (names[file] ?? file)}:${line}`;
  link.title = `${names[file] ?? file}:${line}`;
  link.addEventListener('click', (event) => {
    event.preventDefault();
    show(file, line);
  });
  return link;
}

export function paragraph(kind: string, text: string): HTMLElement {
  const made = document.createElement('p');
  made.className = kind;
  made.textContent = text;
  return made;
}
