import type { Code } from '../../grammar/code.ts';
import type { Limits } from './budget.ts';

/** What stops the expansion of macros and imports: nothing of such a file is loaded. */

export const unknownImport: Code = {
  code: 'M1013',
  name: 'unknown-import',
  severity: 'error',
  summary: 'an import of something that is neither a snippet nor a file',
  page: () => ({
    docs: '`import NAME` puts in the snippet `(NAME)`, or the file `NAME`, or `NAME.conf`, looked for beside the file that imports. Snippets of an imported file are known only after that import. maddy refuses the whole configuration when none of them exists.',
    invalid: 'import common\n',
    valid: '(common) {\n    debug yes\n}\nimport common\n',
  }),
};

export const importArguments: Code = {
  code: 'M1014',
  name: 'import-arguments',
  severity: 'error',
  summary: 'an import without exactly one name',
  page: () => ({
    docs: '`import` takes one snippet or file name. An undefined macro as its argument leaves none, a macro with several values leaves too many. maddy refuses the configuration and names the last line of the file.',
    invalid: '(a) {\n    debug yes\n}\n(b) {\n    hostname mx.example.org\n}\nimport a b\n',
    valid: '(a) {\n    debug yes\n}\n(b) {\n    hostname mx.example.org\n}\nimport a\nimport b\n',
  }),
};

export const importLimit: Code = {
  code: 'M1015',
  name: 'import-limit',
  severity: 'error',
  summary: 'imports that lead back to themselves',
  page: () => ({
    docs: 'A snippet or file imports itself, directly or through others. maddy follows 256 imports into each other and then refuses the configuration. Break the circle.',
    invalid: '(common) {\n    import common\n}\nimport common\n',
    valid: '(common) {\n    debug yes\n}\nimport common\n',
  }),
};

export const unreadableFile: Code = {
  code: 'M1016',
  name: 'unreadable-file',
  severity: 'error',
  summary: 'a file that cannot be opened',
  page: () => ({
    docs: 'The configuration, or a file that it imports, is there and cannot be opened, or has a name that no file can have: permissions, a path through something that is no directory. maddy refuses the configuration without saying which line asked for the file.',
    invalid: 'import "common\0.conf"\n',
    valid: '(common) {\n    debug yes\n}\nimport common\n',
  }),
};

export const notUtf8: Code = {
  code: 'M1020',
  name: 'not-utf8',
  severity: 'error',
  summary: 'a file that is not UTF-8, for Madmail 2',
  page: () => ({
    docs: 'Madmail 2 reads a file only when all of it is UTF-8. maddy would read each wrong byte as U+FFFD. Convert the file.',
    invalid: '# maddyc: dialect=madmail-2\nhostname m\udcfcller.example\n',
    valid: '# maddyc: dialect=madmail-2\nhostname müller.example\n',
  }),
};

export const emptyMacroInWord: Code = {
  code: 'M1017',
  name: 'empty-macro-in-word',
  severity: 'error',
  summary: 'a macro without a value inside a word',
  page: () => ({
    docs: 'A macro whose value expanded to nothing, as in `$(a) = $(undefined)`, is used inside a longer word. maddy 0.9.4 crashes there with a Go trace (index out of range). Define the macro that its value names.',
    invalid: '$(name) = $(undefined)\nhostname mx.$(name)\n',
    valid: '$(name) = example.org\nhostname mx.$(name)\n',
  }),
};

export const listMacroInWord: Code = {
  code: 'M3103',
  name: 'list-macro-in-word',
  severity: 'error',
  summary: 'a macro with several values inside a word',
  page: () => ({
    docs: 'A macro with two or more values can stand only as an argument of its own, where it becomes several arguments. Inside a longer word or a quoted text maddy refuses the configuration. Use a macro with one value there, or write the arguments out.',
    invalid: '$(local_domains) = example.org example.net\nhostname mx.$(local_domains)\n',
    valid: '$(primary_domain) = example.org\nhostname mx.$(primary_domain)\n',
  }),
};

const doubling = (depth: number): string => {
  const lines = ['$(m0) = "x"'];
  for (let level = 1; level <= depth; level += 1) lines.push(`$(m${level}) = "=$(m${level - 1})$(m${level - 1})="`);
  return `${lines.join('\n')}\n`;
};

export const tooManyFiles: Code = {
  code: 'M1021',
  name: 'too-many-files',
  severity: 'error',
  summary: 'more imports of files than any configuration needs',
  page: () => ({
    docs: 'Imports of files multiply: a file that imports two files which import two files, and so on. maddy would go on until memory or patience end. maddyc stops after 2,000 imports. Import each file once.',
    invalid: 'import main.conf\nimport main.conf\n',
    valid: 'debug yes\n',
  }),
};

export const tooManyNodes: Code = {
  code: 'M1022',
  name: 'too-many-directives',
  severity: 'error',
  summary: 'macros or imports that multiply without end',
  page: () => ({
    docs: 'Macros or imports put in more than a million directives and arguments. Mostly a snippet imports itself twice: maddy doubles it at each of 255 passes and takes all memory. Break the circle.',
    invalid: '(common) {\n    import common\n    import common\n}\nimport common\n',
    valid: '(common) {\n    debug yes\n}\nimport common\nimport common\n',
  }),
};

export const tooMuchText: Code = {
  code: 'M1023',
  name: 'too-much-text',
  severity: 'error',
  summary: 'macros or variables that write more text than any configuration needs',
  page: () => ({
    docs: 'Files, macros and environment variables together make more than 64 million characters. Mostly each macro holds the one before it twice, so the text doubles with every line.',
    invalid: doubling(28),
    valid: doubling(3),
  }),
};

/** By what ran out. */
export const budgetCodes: Readonly<Record<keyof Limits, Code>> = {
  files: tooManyFiles,
  nodes: tooManyNodes,
  characters: tooMuchText,
};

/** What makes so many, and what to do. */
export const multiplying: Readonly<Record<keyof Limits, string>> = {
  files: 'A file imports itself, or files import each other more than once: import each file once.',
  nodes: 'A snippet imports itself, or each of several imports the next one more than once: write one import instead.',
  characters: 'A macro or variable holds another one more than once, and that one a third: write out what is meant.',
};

export const expansionCodes: readonly Code[] = [
  unknownImport,
  importArguments,
  importLimit,
  unreadableFile,
  notUtf8,
  emptyMacroInWord,
  listMacroInWord,
  tooManyFiles,
  tooManyNodes,
  tooMuchText,
];
