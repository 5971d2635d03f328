import { describe, expect, it } from 'vitest';
import { type AnalyseOptions, analyse, type FileState, type Host } from '../../compiler/index.ts';
import { takeInventory } from '../../compiler/ir/walk.ts';
import { wildcardNotSupported } from '../../compiler/rules/matching/wildcard-not-supported.ts';
import { runRules } from '../../compiler/rules/rules.ts';
import { createMemoryHost } from '../../compiler/source/memory-host.ts';
import { analyseText, findingLines } from '../kit/analysis.ts';

const listener = (body: string): string =>
  `hostname mx.example.org\ntls off\nsmtp tcp://127.0.0.1:2525 {\n${body}\n}\n`;

describe('a snapshot that is not complete', () => {
  it('is asked for its main file, its imports and its tables, one after the other', () => {
    const files: Readonly<Record<string, string>> = {
      '/etc/maddy.conf': `import shared\n${listener('modify {\nreplace_rcpt file aliases\n}\ndeliver_to dummy')}`,
      '/etc/shared.conf': 'state_dir /srv/mail\n',
      '/srv/mail/aliases': 'a@x: b@x\n',
    };
    const known = new Map<string, FileState>();
    const host: Host = { env: new Map(), read: (path) => known.get(path) };
    const rounds: string[][] = [];
    for (;;) {
      const { missing } = analyse('/etc/maddy.conf', host);
      if (missing.length === 0 || rounds.length > 9) break;
      rounds.push([...missing]);
      for (const path of missing) {
        const text = files[path];
        known.set(path, text === undefined ? { kind: 'absent' } : { kind: 'text', text });
      }
    }
    expect(rounds.flat()).toEqual(['/etc/maddy.conf', '/etc/shared', '/etc/shared.conf', '/srv/mail/aliases']);
    expect(analyse('/etc/maddy.conf', host).loadErrors).toEqual([]);
  });

  it('is not judged before its files are read, where somebody waits for them', () => {
    const main = listener('modify {\nreplace_rcpt file /aliases\n}\ndeliver_to remote');
    const files = new Map<string, FileState>([['/maddy.conf', { kind: 'text', text: main }]]);
    const host: Host = { env: new Map(), read: (path) => files.get(path) };
    const told = (options: AnalyseOptions) => findingLines(analyse('/maddy.conf', host, options));
    expect(analyse('/maddy.conf', host, { awaitsFiles: true }).missing).toEqual(['/aliases']);
    expect(told({}).length).toBeGreaterThan(told({ awaitsFiles: true }).length);
    files.set('/aliases', { kind: 'text', text: 'a@x: b@x\n' });
    expect(told({ awaitsFiles: true })).toEqual(told({}));
  });

  it('without its main file gives that one finding', () => {
    const analysis = analyse('maddy.conf', createMemoryHost({ files: new Map() }));
    expect(analysis.diagnostics).toHaveLength(1);
    expect(analysis.plan('test').plan).toBeNull();
    expect(analysis.reference()).toEqual({
      accepted: false,
      error: 'failed to read config maddy.conf: open maddy.conf: no such file or directory',
    });
  });
});

describe('what maddy refuses and maddyc does not', () => {
  const text = `${listener('destination_in &users {\ndeliver_to &inbox\n}\ndefault_destination {\nreject\n}')}table.identity users {\n}\ntarget.maildir mailboxes inbox {\npath mail/{address}\n}\n`;

  it('loads here', () => {
    const analysis = analyseText(text);
    expect(findingLines(analysis)).toEqual([]);
    expect(analysis.plan('test').plan?.blocks).toMatchObject({ mailboxes: { module: 'target.maildir' } });
    expect(JSON.stringify(analysis.plan('test').plan)).toContain('{"use":"mailboxes","at":[0,5,12]}');
  });

  it('is told when somebody asks for maddy’s verdict, whose first error is the reference', () => {
    const analysis = analyseText(text, { asMaddy: true });
    expect(findingLines(analysis)).toEqual([
      'M2105 4:16-4:22 maddy files this block as "table.identity", not as "users"',
      'M2117 13:1-13:15 maddy 0.9.4 does not have target.maildir',
      'M2115 13:26-13:31 maddy refuses a block with a second name',
    ]);
    expect(analysis.reference().error).toBe('maddy.conf:13: unknown module or global directive: target.maildir');
    expect(analysis.loadErrors).toEqual([]);
  });
});

describe('Madmail', () => {
  const guide = listener('auth dovecot_sasl unix:///run/dovecot/auth-client\ndeliver_to dummy');

  it('has no dovecot_sasl in its first line, and reads over it in the second', () => {
    expect(findingLines(analyseText(guide, { dialect: 'madmail-0' }))).toEqual([
      'M2101 4:6-4:18 unknown module "dovecot_sasl": auth needs an authentication provider',
    ]);
    const second = analyseText(guide, { dialect: 'madmail-2' });
    expect(second.diagnostics.map(({ severity }) => severity)).toEqual(['warning']);
    expect(second.reference().accepted).toBe(true);
  });

  it('is told from what a file uses, and runs only as far as maddy knows it', () => {
    const analysis = analyseText(`${listener('deliver_to dummy')}turn udp://127.0.0.1:3478 {\nrealm x\nsecret y\n}\n`);
    expect(analysis.dialect).not.toBe('maddy');
    const { plan, diagnostics } = analysis.plan('test');
    expect(plan).toBeNull();
    expect(diagnostics.map(({ code }) => code.code)).toEqual(['M9201']);
  });

  it('has no plan where it reads over a name that leads nowhere', () => {
    const { loadErrors, plan } = analyseText(listener('deliver_to &remote_queue'), { dialect: 'madmail-2' });
    expect(loadErrors).toEqual([]);
    const { plan: none, diagnostics } = plan('test');
    expect(none).toBeNull();
    expect(diagnostics.map(({ code, severity }) => `${code.code} ${severity}`)).toEqual(['M2102 error']);
  });
});

describe('rules', () => {
  it('never stop a configuration from running', () => {
    const analysis = analyseText(
      listener('destination postmaster *.example.org {\ndeliver_to dummy\n}\ndefault_destination {\nreject\n}'),
    );
    expect(analysis.diagnostics.map(({ code, severity }) => `${code.code} ${severity}`)).toEqual(['M4103 error']);
    expect(analysis.plan('test').plan).not.toBeNull();
  });

  it('that break down take no other with them', () => {
    const { program, dialect, expansion } = analyseText(
      listener('destination *.test {\ndeliver_to dummy\n}\ndefault_destination {\nreject\n}'),
    );
    const context = {
      program,
      inventory: takeInventory(program),
      expansion,
      dialect,
      targetVersion: null,
      localDomains: [],
      facts: null,
      regexps: null,
      files: [],
      plan: () => null,
      memory: null,
      host: createMemoryHost({ files: new Map() }),
    };
    const broken = {
      code: wildcardNotSupported.code,
      check: () => {
        throw new Error('oops');
      },
    };
    const codes = runRules(context, [broken, wildcardNotSupported]).map(
      ({ code, message }) => `${code.code} ${message}`,
    );
    expect(codes).toEqual([
      'M9901 the rule wildcard-not-supported failed: oops',
      'M4103 "*.test" matches nothing: rules have no wildcards',
    ]);
  });
});

it('{env:} names nothing, whatever variables the server has', () => {
  const found = findingLines(analyseText(`hostname mx{env:}.example.org\n${listener('deliver_to dummy {env:HERE}')}`));
  expect(found.filter((line) => line.includes('M1413'))).toHaveLength(1);
});

it('what multiplies without end is told once, and what stands in it as well', () => {
  const text = `(s) {\nwrong\nimport s\nimport s\n}\n${listener('deliver_to dummy')}import s\n`;
  const found = findingLines(analyseText(text));
  expect(found.filter((line) => line.includes('M1022'))).toHaveLength(1);
  expect(found.filter((line) => line.includes('M2101'))).toEqual(['M2101 2:1-2:6 unknown directive or module "wrong"']);
});

it('chains of tables that lead to the same chain twice are followed once', () => {
  const depth = 60;
  const chains = Array.from(
    { length: depth },
    (_, at) => `table.chain c${at} {\nstep &c${at + 1}\noptional_step &c${at + 1}\n}\n`,
  );
  const last = `table.chain c${depth} {\nstep identity\n}\n`;
  const found = findingLines(
    analyseText(`${chains.join('')}${last}${listener('modify {\nreplace_rcpt &c0\n}\ndeliver_to dummy')}`),
  );
  expect(found.filter((line) => line.includes('M9901') || line.includes('error'))).toEqual([]);
});
