import { describe, expect, it } from 'vitest';
import { type Migration, migrateToDovecot, usualSockets } from '../../../compiler/dovecot/migrate.ts';
import { type Analysis, analyse } from '../../../compiler/index.ts';
import { createMemoryHost } from '../../../compiler/source/memory-host.ts';
import { corpusEntries, corpusFile } from '../../kit/corpus.ts';
import { goldenTests } from '../../kit/golden.ts';

interface Migrated {
  readonly before: Analysis;
  readonly migration: Migration;
}

type Files = Readonly<Record<string, string | Uint8Array>>;

function migrate(files: Files, sockets = usualSockets): Migrated {
  const host = createMemoryHost({ files: new Map(Object.entries(files)) });
  const before = analyse('maddy.conf', host);
  return { before, migration: migrateToDovecot(before, host, sockets) };
}

function textAfter({ migration }: Migrated, path = 'maddy.conf'): string {
  if (!migration.migrated) throw new Error(migration.message);
  const file = migration.files.find((each) => each.path === path);
  if (file === undefined) throw new Error(`${path} is not changed`);
  return file.after;
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

describe('the migrated text, and what is left to do', () => {
  goldenTests('dovecot-migrate', (text) => {
    const { migration } = migrate({ 'maddy.conf': text });
    if (!migration.migrated) {
      return `${migration.because}: ${migration.message}\n${migration.diagnostics.map(({ code, message }) => `  ${code.code} ${message}\n`).join('')}`;
    }
    const notes = migration.notes.map(
      ({ message, place }) => `- ${place === null ? '' : `line ${lineOf(text, place.range.start)}: `}${message}\n`,
    );
    return `${migration.files.map(({ after }) => after).join('')}\n${notes.join('')}`;
  });
});

const sample = `hostname mx.example.org
tls off
import mailboxes
smtp tcp://0.0.0.0:25 {
    deliver_to &boxes
}
import imap.d/all
`;

describe('migration', () => {
  it('edits the imports that hold the parts, under the names by which they are read', () => {
    const result = migrate({
      'maddy.conf': sample,
      'mailboxes.conf': 'storage.imapsql boxes {\n    driver sqlite3\n    dsn imapsql.db\n}\n',
      'imap.d/all': 'imap tcp://0.0.0.0:143 {\n    auth pass_table file /etc/users\n    storage &boxes\n}\n',
    });
    expect(textAfter(result, 'mailboxes.conf')).toBe(
      'target.lmtp boxes {\n    targets unix:///run/dovecot/lmtp-maddy\n}\n',
    );
    expect(textAfter(result, 'imap.d/all')).toBe('');
    expect(result.migration.migrated && result.migration.files.map(({ path }) => path).toSorted()).toEqual([
      'imap.d/all',
      'mailboxes.conf',
    ]);
  });

  it('keeps line ends as they are', () => {
    const files = Object.fromEntries(
      Object.entries({
        'maddy.conf': sample
          .replace('import mailboxes\n', '')
          .replace('import imap.d/all\n', '')
          .concat(
            'storage.imapsql boxes {\n    # kept\n    driver sqlite3\n    dsn a.db\n}\nimap tcp://0.0.0.0:143 {\n    storage &boxes\n}\n',
          ),
      }).map(([path, text]) => [path, text.replaceAll('\n', '\r\n')]),
    );
    const after = textAfter(migrate(files));
    expect(after).toContain('    # kept\r\n    targets unix:///run/dovecot/lmtp-maddy\r\n}');
    expect(after.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  });

  it('takes other addresses, and leaves logins alone when told', () => {
    const text = `hostname mx.example.org
tls off
auth.pass_table people {
    table file /etc/users
}
storage.imapsql boxes {
    driver sqlite3
    dsn imapsql.db
}
submission tcp://0.0.0.0:587 {
    insecure_auth yes
    auth &people
    deliver_to &boxes
}
imap tcp://0.0.0.0:143 {
    auth &people
    storage &boxes
}
`;
    const after = textAfter(
      migrate({ 'maddy.conf': text }, { ...usualSockets, lmtp: 'tcp://10.0.0.5:24', keepAuth: true }),
    );
    expect(after).toContain('targets tcp://10.0.0.5:24');
    expect(after).toContain('auth &people');
    expect(after).toContain('auth.pass_table people {');
  });

  it('changes nothing in a file for Madmail', () => {
    const { migration } = migrate({ 'maddy.conf': `# maddyc: dialect=madmail-0\n${sample}` });
    expect(migration.migrated).toBe(false);
  });
});

const comments = (analysis: Analysis): readonly string[] =>
  analysis.expansion.sources.flatMap((source) => source.comments.map(({ text }) => text));

describe.skipIf(corpusEntries().length === 0)('real configurations', () => {
  const all = corpusEntries().filter(({ dialect, artifact }) => dialect === 'maddy' && !artifact);
  const taken = all.filter(({ file }) => {
    const { before } = migrate({ 'maddy.conf': corpusFile(file) });
    return before.loadErrors.length === 0 && before.program.endpoints.some(({ entry }) => entry.name === 'imap');
  });

  it('has some to try', () => {
    expect(taken.length).toBeGreaterThan(20);
  });

  it.each(taken)('$file: no errors, every comment there, nothing to do a second time', ({ file }) => {
    const result = migrate({ 'maddy.conf': corpusFile(file) });
    const after = migrate({ 'maddy.conf': textAfter(result) });
    expect(after.before.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(after.before.program.endpoints.map(({ entry }) => entry.name)).not.toContain('imap');
    expect([...after.before.program.blocks.values()].map(({ entry }) => entry.name)).not.toContain('storage.imapsql');
    expect(comments(after.before).toSorted()).toEqual(comments(result.before).toSorted());
    expect(after.migration).toMatchObject({ migrated: false, because: 'nothing-to-migrate' });
  });

  it.each(all.filter((entry) => !taken.includes(entry)))('$file: nothing is changed, and why is said', ({ file }) => {
    const { migration } = migrate({ 'maddy.conf': corpusFile(file) });
    expect(migration).toMatchObject({ migrated: false, message: expect.stringMatching(/\w/) });
  });
});
