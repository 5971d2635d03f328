import { defineModule } from '../define.ts';
import { everyDialect } from '../dialects.ts';

export const storageBlobFs = defineModule({
  name: 'storage.blob.fs',
  kind: 'blob_store',
  implements: ['blob_store'],
  doc: 'Message bodies as files in a directory.',
  dialects: everyDialect,
  inlineArgs: {
    rule: 'positional',
    args: [{ name: 'root', type: 'string', into: 'root', doc: 'Directory.' }],
    combine: 'fallback',
    tooMany: 'storage.blob.fs: 1 or 0 arguments expected',
  },
  unknown: 'refused',
  directives: {
    root: { type: 'string', doc: 'Directory; created when missing.', snippet: 'root ${1:messages}' },
  },
  rules: [
    {
      kind: 'missing-part',
      about: ['root'],
      holds: { required: ['root'] },
      message: 'no directory for the messages',
      details: ['Write msg_store fs DIRECTORY.'],
      maddy: 'storage.blob.fs: directory not set',
      maddyAt: 'block',
    },
  ],
  runtime: false,
  docPage: 'blob/fs.md',
  example: 'msg_store fs messages',
  notes: ['Required in effect: root or the argument.'],
});
