import type { Code } from '../../../grammar/code.ts';
import type { Directive } from '../directive.ts';
import { hasEnvironment } from '../environment.ts';
import type { ImportTarget } from '../imports.ts';
import type { Snippet } from '../snippet.ts';
import type { DiagnosticList } from './diagnostic-list.ts';

export const unusedSnippet: Code = {
  code: 'M1401',
  name: 'unused-snippet',
  severity: 'hint',
  summary: 'a snippet that is never imported',
  page: () => ({
    docs: 'No `import` puts this snippet in. Errors inside it are seen only in part: what it would mean where it is used is never checked.',
    invalid: '(old) {\n    debug yes\n}\n',
    valid: '(common) {\n    debug yes\n}\nimport common\n',
  }),
};

export const snippetRedefined: Code = {
  code: 'M1402',
  name: 'snippet-redefined',
  severity: 'warning',
  summary: 'a snippet that is declared twice in a file',
  page: () => ({
    docs: 'The last declaration of a name counts for the whole file, also for imports above it; the others are never used.',
    invalid: '(common) {\n    debug yes\n}\n(common) {\n    debug no\n}\nimport common\n',
    valid: '(common) {\n    debug no\n}\nimport common\n',
  }),
};

export const emptySnippet: Code = {
  code: 'M1403',
  name: 'empty-snippet',
  severity: 'info',
  summary: 'a snippet without directives',
  page: () => ({
    docs: 'Importing this snippet puts nothing in.',
    invalid: '(common) {\n}\nimport common\n',
    valid: '(common) {\n    debug yes\n}\nimport common\n',
  }),
};

export const blockOnImport: Code = {
  code: 'M1404',
  name: 'block-on-import',
  severity: 'warning',
  summary: 'a block on an import',
  page: () => ({
    docs: 'What an import brings is put in its place, and its block is dropped without a word: the directives in it have no effect.',
    invalid: '(common) {\n    debug yes\n}\nimport common {\n    hostname mx.example.org\n}\n',
    valid: '(common) {\n    debug yes\n}\nimport common\nhostname mx.example.org\n',
  }),
};

export const directoryImported: Code = {
  code: 'M1405',
  name: 'directory-imported',
  severity: 'warning',
  summary: 'an import of a directory',
  page: () => ({
    docs: 'A directory counts as an empty file: nothing is imported, without a word. There are no patterns either; each file needs its own `import`.',
    invalid: 'import .\n',
    valid: '(common) {\n    debug yes\n}\nimport common\n',
  }),
};

export const envInImport: Code = {
  code: 'M1406',
  name: 'env-in-import',
  severity: 'warning',
  summary: 'an environment reference in the name of an import',
  page: () => ({
    docs: 'Imports are resolved before environment variables, so a file with the letters `{env:…}` in its name is looked for. Macros work in the names of imports.',
    invalid: 'import {env:SITE}.conf\n',
    valid: '$(site) = common\n(common) {\n    debug yes\n}\nimport $(site)\n',
  }),
};

export const importBySuffix: Code = {
  code: 'M1407',
  name: 'import-by-suffix',
  severity: 'hint',
  summary: 'an import that is found only by adding .conf',
  page: () => ({
    docs: 'No file has this name, so `.conf` was added. maddy names the file without that ending in its messages. Write the full name.',
    invalid: 'import common\n',
    valid: 'import common.conf\n',
    given: { files: { 'common.conf': 'debug yes\n' } },
  }),
};

export const importCodes: readonly Code[] = [
  unusedSnippet,
  snippetRedefined,
  emptySnippet,
  blockOnImport,
  directoryImported,
  envInImport,
  importBySuffix,
];

/** Findings at one `import`, resolved or not. */
export function findAtImport(directive: Directive, target: ImportTarget | null, list: DiagnosticList): void {
  const [argument] = directive.args;
  const name = argument?.value ?? '';
  if (directive.block !== null && directive.block.length > 0) {
    list.addAt(blockOnImport, 'the block of this import has no effect', directive.origin, {
      label: 'its block is dropped',
    });
  }
  if (argument !== undefined && hasEnvironment(name)) {
    list.addAt(envInImport, 'environment variables are not replaced in the names of imports', argument.origin);
  }
  if (target?.kind === 'directory') {
    list.addAt(directoryImported, `"${name}" is a directory: nothing is imported`, (argument ?? directive).origin);
  } else if (target?.kind === 'file' && target.bySuffix && argument !== undefined) {
    const { origin } = argument;
    const isWritten = origin.via === null && origin.file.text.slice(origin.range.start, origin.range.end) === name;
    list.addAt(importBySuffix, `this imports ${name}.conf`, origin, {
      fixes: isWritten
        ? [
            {
              title: `write ${name}.conf`,
              safe: true,
              edits: [{ file: origin.file, range: origin.range, text: `${name}.conf` }],
            },
          ]
        : [],
    });
  }
}

/** Findings at the snippets of one file; `used` holds those that some import put in. */
export function findInSnippets(snippets: readonly Snippet[], used: ReadonlySet<Snippet>, list: DiagnosticList): void {
  const last = new Map(snippets.map((snippet) => [snippet.name, snippet]));
  for (const snippet of snippets) {
    const { name, place, body } = snippet;
    const later = last.get(name);
    if (later !== undefined && later !== snippet) {
      list.add(snippetRedefined, `the snippet (${name}) is declared again below`, place, {
        label: 'never used: the last declaration counts for the whole file',
        related: [{ ...later.place, message: 'this one counts' }],
      });
    } else if (!used.has(snippet)) list.add(unusedSnippet, `the snippet (${name}) is never imported`, place);
    else if (body.length === 0) list.add(emptySnippet, `the snippet (${name}) is empty`, place);
  }
}
