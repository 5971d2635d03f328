import type { Code } from './code.ts';

/** What maddy's reader itself refuses (language section 10): nothing of such a file is loaded. */

export const unexpectedCloseBrace: Code = {
  code: 'M1001',
  name: 'unexpected-close-brace',
  severity: 'error',
  summary: 'a "}" that closes nothing',
  page: () => ({
    docs: 'Every `}` must close a block that is open. maddy refuses the whole file, so no mail moves at all. Remove the brace, or put back the `{` that is missing above it: a brace counts only when it stands alone between blanks.',
    invalid: 'check {\n    spf\n}\n}\n',
    valid: 'check {\n    spf\n}\n',
  }),
};

export const unclosedBlock: Code = {
  code: 'M1002',
  name: 'unclosed-block',
  severity: 'error',
  summary: 'a block that is never closed',
  page: () => ({
    docs: 'A `{` has no `}`. maddy refuses the whole file and names its last line; this finding stands at the `{` that by indentation lacks its partner. Put the `}` on a line of its own.',
    invalid: 'smtp tcp://0.0.0.0:25 {\n    check {\n        spf\n    deliver_to dummy\n}\n',
    valid: 'smtp tcp://0.0.0.0:25 {\n    check {\n        spf\n    }\n    deliver_to dummy\n}\n',
  }),
};

export const nestingLimit: Code = {
  code: 'M1003',
  name: 'nesting-limit',
  severity: 'error',
  summary: 'more than 256 blocks inside each other',
  page: () => ({
    docs: 'maddy reads at most 256 levels of blocks and refuses the file beyond that. No real configuration needs more than a handful: look for a `}` that is missing in a part that repeats.',
    invalid: `${'a {\n'.repeat(257)}${'}\n'.repeat(257)}`,
    valid: 'a {\n    b {\n    }\n}\n',
  }),
};

export const malformedMacro: Code = {
  code: 'M1004',
  name: 'malformed-macro',
  severity: 'error',
  summary: 'a macro declaration of the wrong form',
  page: () => ({
    docs: 'A line that starts with `$(` declares a macro: `$(name) = value …`, with blanks around `=` and at least one value. maddy refuses the whole file otherwise.',
    invalid: '$(hostname)=mx.example.org\n',
    valid: '$(hostname) = mx.example.org\n',
  }),
};

export const macroInsideBlock: Code = {
  code: 'M1005',
  name: 'macro-inside-block',
  severity: 'error',
  summary: 'a macro declared inside a block',
  page: () => ({
    docs: 'Macros can be declared only outside of all blocks. Move the line above the block. If it stands outside already, a block above it lacks its `}`.',
    invalid: 'smtp tcp://0.0.0.0:25 {\n    $(domain) = example.org\n}\n',
    valid: '$(domain) = example.org\nsmtp tcp://0.0.0.0:25 {\n}\n',
  }),
};

export const macroNamedByMacro: Code = {
  code: 'M1006',
  name: 'macro-named-by-macro',
  severity: 'error',
  summary: 'a macro whose name is itself a macro reference',
  page: () => ({
    docs: 'The name between `$(` and `)` is taken as it stands; it cannot be another `$(…)`. Write the name out.',
    invalid: '$($(name)) = value\n',
    valid: '$(name) = value\n',
  }),
};

export const snippetInsideBlock: Code = {
  code: 'M1007',
  name: 'snippet-inside-block',
  severity: 'error',
  summary: 'a snippet declared inside a block',
  page: () => ({
    docs: 'Snippets `(name) { … }` can be declared only outside of all blocks. Move it out; where it stood, write `import name`. If it stands outside already, a block above it lacks its `}`.',
    invalid: 'smtp tcp://0.0.0.0:25 {\n    (common) {\n        check {\n            spf\n        }\n    }\n}\n',
    valid: '(common) {\n    check {\n        spf\n    }\n}\nsmtp tcp://0.0.0.0:25 {\n    import common\n}\n',
  }),
};

export const snippetWithArguments: Code = {
  code: 'M1008',
  name: 'snippet-with-arguments',
  severity: 'error',
  summary: 'a snippet declared with arguments',
  page: () => ({
    docs: 'Between `(name)` and `{` nothing may stand: snippets take no arguments. Use macros for what differs.',
    invalid: '(limits) tight {\n    all rate 20 1s\n}\n',
    valid: '(limits) {\n    all rate 20 1s\n}\n',
  }),
};

export const emptyName: Code = {
  code: 'M1009',
  name: 'empty-name',
  severity: 'error',
  summary: 'a directive with an empty name',
  page: () => ({
    docs: 'A line starts with `""`, which is read as the name of a directive. maddy refuses the file without saying where. Write the name, or remove the line.',
    invalid: '"" yes\n',
    valid: 'debug yes\n',
  }),
};

export const nameStartsWithDigit: Code = {
  code: 'M1010',
  name: 'name-starts-with-digit',
  severity: 'error',
  summary: 'a directive name that starts with a digit',
  page: () => ({
    docs: 'The first word of a line is the name of a directive and cannot start with a digit. maddy refuses the file without saying where. Often the line belongs to the one above it: end that one with a blank and `\\`.',
    invalid: 'targets tcp://192.0.2.1:25\n192.0.2.2\n',
    valid: 'targets tcp://192.0.2.1:25 \\\n    tcp://192.0.2.2:25\n',
  }),
};

export const nameCharacter: Code = {
  code: 'M1011',
  name: 'name-character',
  severity: 'error',
  summary: 'a character that no directive name may have',
  page: () => ({
    docs: 'The first word of a line is the name of a directive: letters, digits, `.`, `-` and `_` only. maddy refuses the file without saying where.',
    invalid: 'local@example.org ok\n',
    valid: 'entry local@example.org ok\n',
  }),
};

export const braceOnNextLine: Code = {
  code: 'M1102',
  name: 'brace-on-next-line',
  severity: 'error',
  summary: 'a "{" that does not stand on the line of its directive',
  page: () => ({
    docs: 'A block starts on the line of its directive: `smtp tcp://0.0.0.0:25 {`. A `{` at the start of a line is refused, and with it the whole file.',
    invalid: 'check\n{\n    spf\n}\n',
    valid: 'check {\n    spf\n}\n',
  }),
};

export const textAfterBlock: Code = {
  code: 'M1103',
  name: 'close-brace-followed',
  severity: 'error',
  summary: 'text after a "}" on the same line',
  page: () => ({
    docs: 'After the `}` of a block the line must end (a comment may follow). `} }` and `} else {` are refused, and with them the whole file. Put what follows on a line of its own.',
    invalid: 'check {\n    spf {\n    } }\n',
    valid: 'check {\n    spf {\n    }\n}\n',
  }),
};

export const nestedParentheses: Code = {
  code: 'M1012',
  name: 'nested-parentheses',
  severity: 'error',
  summary: 'a name in two pairs of parentheses',
  page: () => ({
    docs: 'Madmail 2 has no snippets: it reads `(name)` as a plain directive `name`, and refuses `((name))` and with it the whole file.',
    invalid: '# maddyc: dialect=madmail-2\n((common)) {\n}\n',
    valid: '# maddyc: dialect=madmail-2\ncommon {\n}\n',
  }),
};

/** Given by the reading of structure; the list of all codes is made from this. */
export const readerCodes: readonly Code[] = [
  unexpectedCloseBrace,
  unclosedBlock,
  nestingLimit,
  malformedMacro,
  macroInsideBlock,
  macroNamedByMacro,
  snippetInsideBlock,
  snippetWithArguments,
  emptyName,
  nameStartsWithDigit,
  nameCharacter,
  nestedParentheses,
  braceOnNextLine,
  textAfterBlock,
];
