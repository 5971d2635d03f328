/** The expression that a `table.regexp` really matches, as maddy's error texts show it: what is missing is added. */
export function anchored(table: {
  readonly regexp: string;
  readonly full_match: boolean;
  readonly case_insensitive: boolean;
}): string {
  let expression = table.regexp;
  if (table.full_match) {
    if (!expression.startsWith('^')) expression = `^${expression}`;
    if (!expression.endsWith('$')) expression += '$';
  }
  return table.case_insensitive ? `(?i)${expression}` : expression;
}
