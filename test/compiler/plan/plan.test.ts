import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../../../compiler/index.ts';
import { resolveEnvironment } from '../../../compiler/plan/environment.ts';
import { readPlan } from '../../../compiler/plan/read.ts';
import { analyseText } from '../../kit/analysis.ts';
import { corpusEntries, corpusFile } from '../../kit/corpus.ts';

const separator = '----------\n';
const folder = new URL('../../golden/plans/', import.meta.url);

function planOf(text: string): Plan {
  const { plan, diagnostics } = analyseText(text).plan('maddyc test');
  if (plan === null) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  return plan;
}

const listener = (body: string): string =>
  `hostname mx.example.org\ntls off\nsmtp tcp://127.0.0.1:2525 {\n${body}\n}\n`;

describe('plans', () => {
  it.each(readdirSync(folder))('%s', (name) => {
    const file = new URL(name, folder);
    const [config = '', expected] = readFileSync(file, 'utf8').split(separator);
    const actual = `${JSON.stringify(planOf(config), null, 1)}\n`;
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, `${config}${separator}${actual}`);
    else expect(actual).toBe(expected);
  });

  it('do not depend on the order of directives', () => {
    const one = planOf(listener('max_recipients 5\nread_timeout 1m\ndeliver_to dummy'));
    const other = planOf(listener('read_timeout 1m\nmax_recipients 5\ndeliver_to dummy'));
    expect(JSON.stringify(one)).toBe(JSON.stringify(other));
  });

  it.each(readdirSync(folder))('%s is read back as it was written', (name) => {
    const [config = ''] = readFileSync(new URL(name, folder), 'utf8').split(separator);
    const plan = planOf(config);
    expect(readPlan(JSON.stringify(plan))).toEqual({ ok: true, plan: JSON.parse(JSON.stringify(plan)) });
  });
});

describe('the published schema', () => {
  const fits = new Ajv({ strict: false }).compile(
    JSON.parse(readFileSync(new URL('../../../docs/reference/plan.schema.json', import.meta.url), 'utf8')),
  );

  it.each(readdirSync(folder))('%s fits it', (name) => {
    const [config = ''] = readFileSync(new URL(name, folder), 'utf8').split(separator);
    expect(fits(JSON.parse(JSON.stringify(planOf(config)))), JSON.stringify(fits.errors)).toBe(true);
  });

  it('fits plans of real configurations', () => {
    const queue = 'target.queue later {\n target remote\n}\n';
    const named = listener('deliver_to &later').replace('smtp', `${queue}smtp`);
    const texts = corpusEntries().map(({ file }) => new TextDecoder().decode(corpusFile(file)));
    for (const text of [named, ...texts]) {
      const { plan } = analyseText(text).plan('maddyc test');
      if (plan !== null)
        expect(fits(JSON.parse(JSON.stringify(plan))), `${JSON.stringify(fits.errors)}\n${text}`).toBe(true);
    }
  });

  it('has room for values that wait for the environment, and none for others', () => {
    const plan = planOf(listener('read_timeout {env:T}\ndeliver_to dummy'));
    expect(fits(JSON.parse(JSON.stringify(plan)))).toBe(true);
    expect(fits(JSON.parse(JSON.stringify(plan).replace('"max_recipients":20000', '"max_recipients":"many"')))).toBe(
      false,
    );
  });
});

describe('values from the environment', () => {
  const text = listener(
    [
      'read_timeout {env:TIMEOUT}',
      'debug {env:DEBUG}',
      'auth_map_normalize {env:NORMALIZE}',
      'limits {\n all rate {env:RATE} 1s\n}',
      'deliver_to lmtp {\n targets tcp://{env:HOST}:24\n auth plain maddy {env:PASSWORD}\n}',
    ].join('\n'),
  );

  it('stay references in the plan, secrets too', () => {
    const plan = planOf(text);
    expect(plan.environment).toEqual(['DEBUG', 'HOST', 'NORMALIZE', 'PASSWORD', 'RATE', 'TIMEOUT']);
    expect(plan.endpoints[0]?.config.read_timeout).toEqual({
      $deferred: { type: 'duration', args: ['{env:TIMEOUT}'] },
    });
    expect(readPlan(JSON.stringify(plan)).ok).toBe(true);
  });

  it('are read with their types when the plan is run', () => {
    const env = { TIMEOUT: '1m', DEBUG: 'yes', NORMALIZE: 'noop', RATE: '20', HOST: 'mail', PASSWORD: 'a b"c' };
    const { plan, problems, unset } = resolveEnvironment(planOf(text), new Map(Object.entries(env)));
    expect({ problems, unset, environment: plan.environment }).toEqual({ problems: [], unset: [], environment: [] });
    const config = plan.endpoints[0]?.config;
    expect(config).toMatchObject({ read_timeout: 60_000, debug: true, auth_map_normalize: 'noop' });
    expect(config?.limits).toMatchObject({ config: { all: [{ kind: 'rate', burst: 20, period: 1000 }] } });
    const [action] = plan.endpoints[0]?.pipeline?.defaultSource.defaultDestination.actions ?? [];
    expect(action).toMatchObject({
      target: {
        config: {
          targets: ['tcp://mail:24'],
          auth: { mechanism: 'plain', user: 'maddy', password: 'a b"c' },
        },
      },
    });
  });

  it('are refused with their name and place, never with their value', () => {
    const env = { TIMEOUT: 'swordfish', DEBUG: 'no', NORMALIZE: 'noop', RATE: '20', HOST: 'mail' };
    const { problems, unset } = resolveEnvironment(planOf(text), new Map(Object.entries(env)));
    expect(unset).toEqual(['PASSWORD']);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ at: [0, 3, 1] });
    expect(problems[0]?.message).toContain('{env:TIMEOUT} does not give a duration');
    expect(JSON.stringify(problems)).not.toContain('swordfish');
  });

  it('are held against what the compiler could not check before', () => {
    const late = `${listener('source {env:FROM} {\nreject\n}\ndefault_source {\ndeliver_to lmtp {env:LMTP}\n}')}smtp {env:LISTEN} {\nmax_message_size {env:SIZE}\nreject\n}\n`;
    const env = { FROM: '@', LMTP: '/run/lmtp', LISTEN: 'mx:25', SIZE: '8589934592G' };
    const { problems } = resolveEnvironment(planOf(late), new Map(Object.entries(env)));
    expect(problems.map(({ message, at }) => `${at?.join(':')} ${message}`).sort()).toEqual([
      '0:11:1 smtp: an address to listen on cannot be read',
      '0:11:1 smtp: max_message_size is out of range',
      '0:4:8 a rule is neither an address nor a domain',
      '0:8:1 target.lmtp: an address in targets cannot be read',
    ]);
    const fine = { FROM: 'example.org', LMTP: 'unix:///run/lmtp', LISTEN: 'tcp://127.0.0.1:25', SIZE: '1M' };
    expect(resolveEnvironment(planOf(late), new Map(Object.entries(fine))).problems).toEqual([]);
  });

  it('can be put in when the plan is made', () => {
    const analysis = analyseText(
      listener('read_timeout {env:T}\ndeliver_to dummy'),
      { environment: 'expand' },
      { env: { T: '5s' } },
    );
    expect(analysis.plan('test').plan?.endpoints[0]?.config.read_timeout).toBe(5000);
  });

  it('cannot name modules and blocks', () => {
    const codes = analyseText(listener('deliver_to {env:TARGET}')).diagnostics.map(({ code }) => code.code);
    expect(codes).toEqual(['M2118']);
  });
});

describe('a plan that is not whole', () => {
  const plan = planOf(listener('deliver_to lmtp unix:///run/dovecot/lmtp'));
  const changed = (change: (copy: Record<string, unknown>) => void): string => {
    const copy = structuredClone(plan) as unknown as Record<string, unknown>;
    change(copy);
    return JSON.stringify(copy);
  };
  const messages = (text: string): readonly string[] => {
    const reading = readPlan(text);
    return reading.ok ? [] : reading.problems.map(({ message }) => message);
  };

  it.each([
    ['no JSON', 'hostname x', /it is no JSON/],
    ['some JSON', '[]', /"format" must be "maddyc-plan"/],
    ['another version', changed((copy) => Object.assign(copy, { version: 99 })), /version 99/],
    ['no endpoints', changed((copy) => Reflect.deleteProperty(copy, 'endpoints')), /lacks "endpoints"/],
  ])('%s is refused in plain words', (_, text, expected) => {
    expect(messages(text)).toHaveLength(1);
    expect(messages(text)[0]).toMatch(expected);
  });

  it('is refused for unknown modules, lost blocks and values of the wrong form, all of them at their place', () => {
    const text = JSON.stringify(plan)
      .replace('"module":"target.lmtp"', '"module":"target.uucp"')
      .replace('"max_recipients":20000', '"max_recipients":"many"')
      .replace('"auth":[]', '"auth":[{"use":"gone","at":[0,3,1]}]');
    const reading = readPlan(text);
    expect(reading.ok ? [] : reading.problems.map(({ message, at }) => `${at?.join(':')} ${message}`).sort()).toEqual([
      '0:3:1 smtp: "max_recipients" must be of type integer',
      '0:3:1 there is no block named "gone"',
      '0:4:1 unknown module "target.uucp"',
    ]);
  });
});
