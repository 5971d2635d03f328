/**
 * The variables of a file as `node --env-file` and Docker write it: `NAME=value` a line, `#` comments, `export` before a name;
 * values in quotes may have several lines, and `\n` in double quotes is a line break.
 */
export function readEnvironmentFile(text: string): ReadonlyMap<string, string> {
  const variables = new Map<string, string>();
  const rest = text.replaceAll('\r\n', '\n');
  for (let at = 0; at < rest.length; ) {
    const end = endOfLine(rest, at);
    const assignment = /^[^\S\n]*(?:export[^\S\n]+)?([^\s=#][^\s=]*)[^\S\n]*=[^\S\n]*/.exec(rest.slice(at, end));
    const name = assignment?.[1];
    if (assignment === null || name === undefined) {
      at = end + 1;
      continue;
    }
    const start = at + assignment[0].length;
    const quote = rest[start] ?? '';
    const close = /["'`]/.test(quote) ? rest.indexOf(quote, start + 1) : -1;
    if (close === -1) {
      variables.set(name, bareValue(rest.slice(start, end)));
      at = end + 1;
    } else {
      const value = rest.slice(start + 1, close);
      variables.set(name, quote === '"' ? value.replaceAll('\\n', '\n') : value);
      at = endOfLine(rest, close) + 1;
    }
  }
  return variables;
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}

function bareValue(text: string): string {
  const comment = text.indexOf('#');
  return (comment === -1 ? text : text.slice(0, comment)).trim();
}
