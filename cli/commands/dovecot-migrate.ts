import { resolve } from 'node:path';
import type { ChangedFile } from '../../compiler/dovecot/changed-files.ts';
import { type DovecotSockets, type Migration, migrateToDovecot, usualSockets } from '../../compiler/dovecot/migrate.ts';
import type { MigrationNote } from '../../compiler/dovecot/migration-notes.ts';
import { type Place, positionAt } from '../../compiler/index.ts';
import { encodeText } from '../../grammar/encoding.ts';
import { type Command, commonOptions, type Invocation, UsageError } from '../command.ts';
import { ConfigurationFile, writeFindings } from '../configuration.ts';
import { defaultFile } from '../default-file.ts';
import { replaceNamedFile } from '../replace-file.ts';
import { unifiedDiff } from '../unified-diff.ts';
import { version } from '../version.ts';

export const dovecotMigrate: Command = {
  name: 'dovecot migrate',
  summary: 'mailboxes and passwords over to Dovecot, in the configuration',
  usage: '[FILE] [--write] [options]',
  description: `Removes the imap endpoint, turns the mailbox storage into an LMTP target of the same name, lets Dovecot check the passwords, and removes
what nothing needs any more. Every comment stays. Shows what would change, and writes only with --write: the file and, where the parts
lie there, its imports. The result has no errors, or nothing is changed.`,
  options: [
    { name: 'write', short: 'w', help: 'change the files' },
    { name: 'lmtp', value: 'ADDRESS', help: `Dovecot's LMTP listener (${usualSockets.lmtp})` },
    { name: 'auth', value: 'ADDRESS', help: `Dovecot's auth client listener (${usualSockets.auth})` },
    { name: 'keep-auth', help: 'only the mailboxes move: passwords are checked as before' },
    {
      name: 'mailbox-list',
      value: 'FILE',
      help: `list for rules that ask which mailboxes exist (${usualSockets.mailboxList})`,
    },
    commonOptions.json,
    commonOptions.quiet,
    commonOptions.color,
  ],
  examples: [
    { command: 'maddyc dovecot migrate maddy.conf', says: 'what would change, and what is left to do' },
    { command: 'maddyc dovecot migrate --write maddy.conf', says: 'do it' },
    {
      command: 'maddyc dovecot migrate --lmtp tcp://10.0.0.5:24 --keep-auth maddy.conf',
      says: 'Dovecot on another host, passwords stay here',
    },
  ],
  exitCodes: [
    [0, 'migrated, or nothing to migrate: there is no imap endpoint'],
    [1, 'nothing was changed: the file has errors, would have some afterwards, or is not for maddy'],
    [2, 'wrong use: no such file, an address that is none'],
  ],
  docs: 'dovecot.md',
  operands: 1,

  async run(invocation) {
    const { has, io, operands } = invocation;
    const path = operands[0] ?? defaultFile(io);
    if (has('write') && path === '-') throw new UsageError('--write cannot write standard input');
    const file = await ConfigurationFile.open(path, io);
    if (file.isPlan)
      throw new UsageError(`${path} is a compiled plan`, 'migrate its configuration and compile it again');
    const migration = migrateToDovecot(file.analyse(), file.host, readSockets(invocation));
    if (migration.migrated && has('write')) for (const each of migration.files) write(resolve(io.cwd, each.path), each);
    if (has('json')) io.stdout.write(`${JSON.stringify(migrationJson(migration, has('write')), null, 2)}\n`);
    else await report(path, migration, invocation);
    return migration.migrated || migration.because === 'nothing-to-migrate' ? 0 : 1;
  },
};

function readSockets({ value, has }: Invocation): DovecotSockets {
  const address = (option: 'lmtp' | 'auth'): string => {
    const given = value(option) ?? usualSockets[option];
    if (given.startsWith('/')) return `unix://${given}`;
    if (/^(unix|tcp|tls):\S+$/.test(given)) return given;
    throw new UsageError(`--${option} ${given}: not an address`, 'write unix:///PATH or tcp://HOST:PORT');
  };
  const mailboxList = value('mailbox-list') ?? usualSockets.mailboxList;
  if (!mailboxList.startsWith('/')) throw new UsageError(`--mailbox-list ${mailboxList}: not an absolute path`);
  return { lmtp: address('lmtp'), auth: address('auth'), mailboxList, keepAuth: has('keep-auth') };
}

async function report(path: string, migration: Migration, invocation: Invocation): Promise<void> {
  const { io, has } = invocation;
  const name = path === '-' ? 'standard input' : path;
  if (!migration.migrated) {
    if (migration.because !== 'nothing-to-migrate' || !has('quiet')) {
      io.stderr.write(`${name}: ${migration.message}\n`);
    }
    writeFindings(migration.diagnostics, migration.analysis, io.stderr, invocation);
    return;
  }
  if (!has('write')) {
    for (const file of migration.files) {
      io.stdout.write(await unifiedDiff(file.path, file.before, file.after, 'migrated to Dovecot'));
    }
  }
  if (has('quiet')) return;
  const lines = migration.notes.map((note) => `  - ${noteWords(note)}`);
  const done = has('write')
    ? `changed ${migration.files.map((file) => file.path).join(', ')}`
    : `${name}: nothing is written yet; --write changes the file`;
  io.stderr.write(`${done}\n\nleft to do, and different afterwards:\n${lines.join('\n')}\n`);
}

function noteWords({ message, place }: MigrationNote): string {
  return place === null
    ? message
    : `${message} (${place.file.path}:${positionAt(place.file, place.range.start).line} before)`;
}

function write(path: string, { after }: ChangedFile): void {
  replaceNamedFile(path, path, encodeText(after));
}

/** Fields are only ever added within a version. */
function migrationJson(migration: Migration, isWritten: boolean): unknown {
  const tool = { name: 'maddyc', version };
  if (!migration.migrated) {
    const { because, message } = migration;
    const errors = migration.diagnostics.map(({ code, message: words, place }) => ({
      code: code.code,
      message: words,
      location: placeJson(place),
    }));
    return { version: 1, tool, migrated: false, because, message, errors };
  }
  return {
    version: 1,
    tool,
    migrated: true,
    written: isWritten,
    files: migration.files.map(({ path, after }) => ({ path, text: after.toWellFormed() })),
    notes: migration.notes.map(({ message, place }) => ({ message, location: placeJson(place) })),
  };
}

function placeJson(
  place: Place | null,
): { readonly file: string; readonly line: number; readonly column: number } | null {
  return place === null ? null : { file: place.file.path, ...positionAt(place.file, place.range.start) };
}
