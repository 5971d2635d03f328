/** A statement as MySQL takes it, and which of the given parameters each of its question marks stands for. */
export interface MysqlStatement {
  readonly text: string;
  readonly positions: readonly number[];
}

/**
 * What is no parameter, whatever it holds: quoted texts and names, comments; then parameters; names, which may hold a dollar. What is
 * not closed goes on to the end, so that nothing is read twice.
 */
const parts =
  /'(?:[^'\\]|\\.?|'')*(?:'|$)|"(?:[^"\\]|\\.?|"")*(?:"|$)|`[^`]*(?:`|$)|\/\*.*?(?:\*\/|$)|#[^\n]*|--(?=\s)[^\n]*|:=|\?|\$[0-9]+(?![\w$])|:(?:key|value)\b|[\w$]+/gs;

/**
 * MySQL knows question marks only, one for each value in turn; `$1`, `$2`, `:key` and `:value` become some.
 * `given` is how many parameters there are: 0 for none, 1 for the key, 2 for key and value. An error when it asks for more.
 */
export function mysqlStatement(statement: string, given: number): MysqlStatement | { readonly error: string } {
  const positions: number[] = [];
  let marks = 0;
  let tooFar: string | undefined;
  const text = statement.replace(parts, (part) => {
    const position = part === '?' ? marks++ : positionOf(part);
    if (position === null) return part;
    if (position < 0 || position >= given) tooFar ??= `"${part}" is parameter ${position + 1}`;
    positions.push(position);
    return '?';
  });
  return tooFar === undefined ? { text, positions } : { error: `${tooFar}: ${offers[given] ?? ''}` };
}

const offers = [
  'this statement gets none',
  'this statement gets the key only',
  'this statement gets the key and the value',
];

/** Null for what is no parameter. */
function positionOf(part: string): number | null {
  if (part === ':key') return 0;
  if (part === ':value') return 1;
  return /^\$[0-9]+$/.test(part) ? Number(part.slice(1)) - 1 : null;
}
