import { describe, expect, test } from 'vitest';
import { analyse } from '../../../compiler/analyse.ts';
import { allModules, knows } from '../../../compiler/catalog/catalog.ts';
import type { Plan, PlanModule } from '../../../compiler/plan/plan.ts';
import { createMemoryHost } from '../../../compiler/source/memory-host.ts';
import { fileName, type TrialSetting, trialPlan } from '../../../compiler/trial/trial-plan.ts';
import { planModules } from '../../../runtime/plan-modules.ts';
import { planOf } from '../../kit/compile.ts';
import { corpusEntries, corpusFile } from '../../kit/corpus.ts';
import { dangersIn, worldlyConfiguration } from '../../kit/trial.ts';

function hostOf(files: Readonly<Record<string, string>>) {
  return createMemoryHost({ files: new Map(Object.entries(files)), env: new Map() });
}

function settingOf(files: Readonly<Record<string, string>> = {}): TrialSetting {
  return {
    stateDir: '/trial/state',
    runtimeDir: '/trial/run',
    account: { user: 'trial@example.org', hash: 'bcrypt:hash' },
    certificate: { cert: '/trial/certificate.pem', key: '/trial/key.pem' },
    placeOf: ({ tls, wanted }) =>
      wanted.network === 'unix'
        ? 'unix://socket'
        : `${tls === 'implicit' ? 'tls' : 'tcp'}://127.0.0.1:${wanted.port + 10_000}`,
    checks: new Map(),
    host: hostOf(files),
  };
}

function trialOf(text: string, files: Readonly<Record<string, string>> = {}) {
  const all = { 'maddy.conf': text, ...files };
  return trialPlan(planOf('maddy.conf', hostOf(all)), settingOf(all));
}

const minimal = 'hostname mx.example.org\ntls off\n';

function moduleNamed(plan: Plan, name: string): PlanModule {
  const found = plan.blocks[name];
  if (found === undefined) throw new Error(`no block ${name}`);
  return found;
}

describe('a configuration that asks the whole world', () => {
  const text = worldlyConfiguration('/srv/real');
  const { plan, notes } = trialOf(text);

  test('names every target that maddy has', () => {
    const used = new Set(planModules(planOf('maddy.conf', hostOf({ 'maddy.conf': text }))).map(({ module }) => module));
    const targets = [...allModules()].filter(
      (entry) => knows(entry, 'maddy') && entry.implements.some((each) => each === 'delivery_target'),
    );
    // An old name of storage.imapsql, and a pipeline, which keeps nothing.
    const others = new Set(['target.imapsql', 'msgpipeline']);
    expect(targets.map(({ name }) => name).filter((name) => !used.has(name) && !others.has(name))).toEqual([]);
  });

  test('is harmless in a trial', () => {
    expect(dangersIn(plan, settingOf())).toEqual([]);
    expect(JSON.stringify(plan.blocks).replaceAll(/"module":"trial.delivery".*?\}/g, '')).not.toContain('192.0.2');
  });

  test('keeps its routes', () => {
    const [smtp] = plan.endpoints;
    const { destinations, destinationTables, defaultDestination } = smtp?.pipeline?.defaultSource ?? {};
    expect(destinations?.map(({ rules }) => rules[0]?.text)).toEqual([
      ...['remote.test', 'relay.test', 'dovecot.test', 'maildir.test', 'queue.test', 'dummy.test'],
    ]);
    expect(destinationTables).toHaveLength(1);
    expect(defaultDestination?.actions[0]).toMatchObject({ kind: 'reject' });
    expect(smtp?.pipeline).toMatchObject({ dmarc: false, checks: [] });
  });

  test('says what is otherwise', () => {
    expect(notes).toEqual([
      'Nothing leaves this machine: what goes to &mailboxes (storage.imapsql), &out (target.remote), &relay (target.smtp), &dovecot (target.lmtp), &maildirs (target.maildir) becomes a file.',
      'auth.pam, &accounts (auth.pass_table): not asked, trial@example.org is the only account.',
      'TLS has a certificate that it signed itself: clients warn, or need an option as curl’s -k.',
      'Not asked, taken as passed: DMARC, require_mx_record, require_matching_rdns, check.spf, check.dkim, check.dnsbl, check.milter, check.rspamd, check.command.',
      '&users (table.sql_query): not asked, it knows trial@example.org and nobody else.',
      'modify.dkim: signs with a new key, which is in no DNS.',
      'proxy_protocol of submission: not expected.',
      'The log goes to standard error (or where --log says), not where the file says.',
    ]);
  });

  test('one port on all addresses of the host is one port of loopback', () => {
    expect(plan.endpoints.map(({ addresses }) => addresses)).toEqual([
      ['tcp://127.0.0.1:10025'],
      ['tls://127.0.0.1:10465', 'tcp://127.0.0.1:10587', 'unix://socket'],
      ['tcp://127.0.0.1:19749'],
      ['unix://socket'],
    ]);
  });
});

describe('tables', () => {
  const text = (file: string): string => `${minimal}state_dir /srv/real
table.file people {
    file ${file}
}
smtp tcp://127.0.0.1:25 {
    destination_in &people {
        deliver_to dummy
    }
    default_destination {
        reject
    }
}
`;

  test('of a file that is there are read where it is', () => {
    const { plan, notes } = trialOf(text('people'), { '/srv/real/people': 'ann@example.org: ann@example.org\n' });
    expect(moduleNamed(plan, 'people')).toMatchObject({ module: 'table.file', config: { file: '/srv/real/people' } });
    expect(notes).toEqual([]);
  });

  test('of a file that is not there know the account', () => {
    const { plan, notes } = trialOf(text('/etc/people'));
    expect(moduleNamed(plan, 'people')).toMatchObject({
      module: 'table.static',
      config: {
        entries: [
          { key: 'trial@example.org', values: ['trial@example.org'] },
          { key: 'trial', values: ['trial'] },
        ],
      },
    });
    expect(notes).toEqual(['/etc/people: cannot be read here, so the table knows trial@example.org and nobody else.']);
  });
});

test('blocks that nothing refers to any more are gone', () => {
  const { plan } = trialOf(`${minimal}limits few {
    destination rate 1 1s
}
target.queue later {
    target &out
}
target.remote out {
    limits &few
}
smtp tcp://127.0.0.1:25 {
    deliver_to &later
}
`);
  expect(Object.keys(plan.blocks)).toEqual(['later', 'out']);
  const { target, location } = moduleNamed(plan, 'later').config;
  expect(target).toMatchObject({ use: 'out' });
  expect(location).toBe('queue/later');
});

test('groups of checks keep what can be asked here', () => {
  const { plan } = trialOf(`${minimal}checks inbound {
    spf
    require_tls
}
smtp tcp://127.0.0.1:25 {
    check &inbound
    deliver_to dummy
}
`);
  expect(moduleNamed(plan, 'inbound').config.members).toMatchObject([{ module: 'require_tls' }]);
});

test.each([
  ['default', 'default'],
  ['mail.example.org', 'mail.example.org'],
  ['..', '_2e_.'],
  ['../../etc/x', '_2e_._2f_.._2f_etc_2f_x'],
  ['a b', 'a_20_b'],
  ['a_b', 'a_5f_b'],
])('%j becomes the file name %s', (text, name) => expect(fileName(text)).toBe(name));

const runnable = corpusEntries().filter(({ dialect }) => dialect === 'maddy');

test.runIf(runnable.length > 0)('real configurations are harmless in a trial', () => {
  let tried = 0;
  for (const { file } of runnable) {
    const host = createMemoryHost({
      files: new Map([[file, new TextDecoder().decode(corpusFile(file))]]),
      env: new Map(),
    });
    const { plan } = analyse(file, host, { environment: 'expand' }).plan('test');
    if (plan === null) continue;
    tried += 1;
    expect(dangersIn(trialPlan(plan, settingOf()).plan, settingOf()), file).toEqual([]);
  }
  expect(tried).toBeGreaterThan(20);
});
