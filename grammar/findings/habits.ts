import type { Code } from '../code.ts';
import type { FindingList } from '../finding.ts';
import { endOf, isQuoted, startOf, type Token, tokenValue } from '../tokens.ts';

export const semicolonOrEquals: Code = {
  code: 'M1107',
  name: 'semicolon-or-equals',
  severity: 'error',
  summary: 'a ";" or "=" as other configuration languages want them',
  page: () => ({
    docs: 'A directive is a name and its arguments with blanks between them; the line ends it. `name = value` has `=` as its first argument, and in `name value;` the `;` is part of the value. Only macros, `$(name) = value`, are declared with `=`.',
    invalid: 'hostname = mx.example.org\n',
    valid: 'hostname mx.example.org\n',
  }),
};

/** A directive's arguments from the first to the last one on its line. */
export function findHabit(
  name: Token,
  args: readonly Token[],
  isReferredTo: (macro: string) => boolean,
  report: FindingList,
): void {
  const [first] = args;
  const last = args.at(-1);
  const isDeclaration = first !== undefined && tokenValue(first) === '=';
  const macro = isDeclaration ? `$(${tokenValue(name)})` : '';
  if (isDeclaration && isReferredTo(macro)) {
    const range = { start: startOf(name), end: endOf(name) };
    report.add(
      semicolonOrEquals,
      `the macro "${tokenValue(name)}" is declared without $( )`,
      { start: startOf(first), end: endOf(first) },
      {
        label: 'so this is an argument of a directive',
        fixes: [{ title: `write ${macro}`, safe: true, edits: [{ range, text: macro }] }],
      },
    );
  } else if (isDeclaration && last !== undefined && first !== last) {
    const end = startOf(args[1] ?? first);
    report.add(
      semicolonOrEquals,
      `"=" is an argument of "${tokenValue(name)}"`,
      { start: startOf(first), end: endOf(first) },
      {
        label: 'directives have no "="',
        fixes: [{ title: 'remove "="', safe: true, edits: [{ range: { start: startOf(first), end }, text: '' }] }],
      },
    );
  }
  if (last !== undefined && !isQuoted(last) && last.image.endsWith(';') && last.image.length > 1) {
    const end = endOf(last);
    report.add(
      semicolonOrEquals,
      `";" is part of the argument "${tokenValue(last)}"`,
      { start: end - 1, end },
      {
        label: 'the end of the line ends a directive',
        fixes: [{ title: 'remove ";"', safe: true, edits: [{ range: { start: end - 1, end }, text: '' }] }],
      },
    );
  }
}
