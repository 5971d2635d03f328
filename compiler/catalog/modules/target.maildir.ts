import { defineModule } from '../define.ts';
import { maddyOnly } from '../dialects.ts';
import { debug } from '../shared/debug.ts';

export const targetMaildir = defineModule({
  name: 'target.maildir',
  kind: 'target',
  implements: ['delivery_target'],
  extension: true,
  doc: 'Delivers into Maildir directories, one for each recipient. An extension of maddyc: maddy does not have it.',
  dialects: maddyOnly,
  inlineArgs: {
    rule: 'positional',
    args: [{ name: 'path', type: 'string', into: 'path', doc: 'The same as the directive.' }],
    combine: 'fallback',
    tooMany: 'target.maildir: one path expected',
  },
  unknown: 'refused',
  directives: {
    path: {
      type: 'string',
      doc: "The recipient's Maildir. `{address}`, `{user}` (the part before the `@`) and `{domain}` stand for the recipient, in the form in which addresses are compared. What could leave the directory or is not safe in a file name is written as `%XX`. Relative paths lie below `state_dir`.",
      snippet: 'path ${1:mail/{domain\\}/{user\\}}',
    },
    create: {
      type: 'bool',
      default: true,
      doc: 'Make the Maildir of a recipient that has none. With `no` such a recipient is refused with 550 5.1.1.',
    },
    junk_folder: {
      type: 'string',
      default: 'Junk',
      doc: 'Maildir++ folder that takes quarantined messages; an empty string delivers them to the inbox.',
    },
    debug,
  },
  rules: [
    {
      kind: 'missing-part',
      about: ['path'],
      holds: { required: ['path'] },
      message: 'no directory to deliver to',
      details: ['Name it with path, for example: path mail/{domain}/{user}'],
    },
    {
      kind: 'value',
      about: ['path'],
      holds: { properties: { path: { pattern: '^([^{}]|\\{(address|user|domain|env:[^{}]*)\\})+$' } } },
      message: 'path has a placeholder that maddyc does not know',
      details: ['Known placeholders: {address}, {user} and {domain}.'],
    },
    {
      kind: 'value',
      about: ['junk_folder'],
      holds: { properties: { junk_folder: { pattern: '^[^/.\\u0000][^/\\u0000]*$|^$' } } },
      message: 'junk_folder is not a folder name',
      details: ['A folder name has no slash and does not begin with a dot, for example: junk_folder Junk'],
    },
  ],
  runtime: true,
  example: `target.maildir local_mailboxes {
    path mail/{domain}/{user}
}`,
  notes: ['Delivery is atomic: a message is written to tmp/, synced, and moved to new/.'],
});
