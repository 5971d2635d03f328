export const generatedNote =
  '<!-- Made by `npm run generate` from the catalog and the declarations of codes: edit those. -->';

/** A cell of a table: one line, bars kept from splitting it. */
export function cell(text: string): string {
  return text.replaceAll('\n', ' ').replaceAll('|', '\\|');
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

export function fenced(text: string): string {
  return `\`\`\`\n${text}\n\`\`\``;
}
