import { defineModule } from '../define.ts';
import { everyDialect } from '../dialects.ts';
import { debug } from '../shared/debug.ts';

export const tableFile = defineModule({
  name: 'table.file',
  kind: 'table',
  implements: ['table', 'multi_table'],
  doc: 'Map read from a text file with "key: value" lines; re-read within 15 s of a change.',
  dialects: everyDialect,
  inlineArgs: {
    rule: 'positional',
    args: [{ name: 'file', type: 'string', into: 'file', doc: 'Path.' }],
    combine: 'exclusive',
    tooMany: 'table.file: cannot use multiple files with single table.file, use table.file multiple times to do so',
    clash: 'table.file: file path specified both in directive and in argument, do it once',
  },
  unknown: 'refused',
  directives: {
    debug,
    file: { type: 'string', doc: 'Path of the file.', snippet: 'file ${1:/etc/maddy/aliases}' },
  },
  runtime: true,
  docPage: 'table/file.md',
  example: `table.file aliases {
    file /etc/maddy/aliases
}`,
  notes: [
    'A missing file is not an error (logged, treated as empty). An unset path behaves the same.',
    'Path both as argument and directive: "table.file: file path specified both in directive and in argument, do it once".',
    'A line starting with ":" fails with "PATH:LINE: empty address before colon".',
  ],
});
