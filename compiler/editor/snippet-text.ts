/** Texts with places to fill in, in the snippet syntax of the Language Server Protocol. */

export function escapeSnippet(text: string): string {
  return text.replace(/[\\$}]/g, '\\$&');
}

export function placeholder(index: number, text: string): string {
  return `\${${index}:${escapeSnippet(text)}}`;
}

/** Values to choose from; a single one is a placeholder, none an empty place. */
export function choice(index: number, values: readonly string[]): string {
  const [only] = values;
  if (only === undefined) return `\${${index}}`;
  if (values.length === 1) return placeholder(index, only);
  return `\${${index}|${values.map((value) => value.replace(/[\\,|]/g, '\\$&')).join(',')}|}`;
}

const placePattern = /\\[\\$}]|\$(?:\{(\d+)(?::((?:\\.|[^\\}])*)|\|((?:\\.|[^\\|])*)\|)?\}|(\d+))/g;

/** The text that stands when nothing is filled in: defaults and first choices. */
export function plainText(snippet: string): string {
  return snippet.replace(placePattern, (match, _index, text: string | undefined, choices: string | undefined) => {
    if (match.startsWith('\\')) return match.slice(1);
    if (text !== undefined) return text.replace(/\\([\\$}])/g, '$1');
    return choices === undefined ? '' : (/^(?:\\.|[^\\,])*/.exec(choices)?.[0] ?? '').replace(/\\([\\,|])/g, '$1');
  });
}

/** The same places with numbers from `from` on, so that snippets can be joined; the last stop (`$0`) is dropped. */
export function renumber(snippet: string, from: number): { readonly text: string; readonly next: number } {
  let next = from;
  const text = snippet.replace(
    placePattern,
    (match, index: string | undefined, _text, _choices, bare: string | undefined) => {
      const number = Number(index ?? bare);
      if (match.startsWith('\\')) return match;
      if (number === 0) return '';
      next = Math.max(next, from + number);
      return match.replace(/\d+/, String(from + number - 1));
    },
  );
  return { text, next };
}
