import { isIP } from 'node:net';
import { modules } from '../../compiler/catalog/catalog.ts';
import { moduleNames } from '../../compiler/mailtest/suppositions.ts';
import type { Plan } from '../../compiler/plan/plan.ts';
import { verdictWords } from '../../compiler/routing/explain/check-verdicts.ts';
import type { RouteRequest, Suppositions } from '../../compiler/routing/explain/request.ts';
import { type Invocation, type OptionSpec, UsageError } from '../command.ts';

export interface RouteQuestion {
  readonly request: RouteRequest;
  readonly suppositions: Suppositions;
}

/** The envelope and the suppositions of `maddyc route`. Throws UsageError. */
export function readRouteQuestion(invocation: Invocation): RouteQuestion {
  const { value, values, has } = invocation;
  const from = value('from');
  const to = values('to');
  if (from === undefined || to.length === 0) {
    throw new UsageError(
      `${from === undefined ? '--from' : '--to'} is missing`,
      'maddyc route FILE --from a@example.org --to b@example.net; --from "" is the null sender of bounces',
    );
  }
  const request = {
    endpoint: value('endpoint') ?? null,
    ip: clientAddress(invocation),
    auth: value('auth') ?? null,
    from: bare(from),
    to: to.map(bare),
    smtputf8: has('no-smtputf8') ? false : null,
  };
  return { request, suppositions: readSuppositions(invocation) };
}

/** `--ip`; null where it is not said. Throws UsageError. */
export function clientAddress({ value }: Invocation): string | null {
  const address = value('ip') ?? null;
  if (address === null || isIP(address) !== 0) return address;
  throw new UsageError(`--ip ${address}: not an address`, 'for example 192.0.2.1 or 2001:db8::1');
}

/** `--check` and `--answer`. Throws UsageError. */
export function readSuppositions({ values }: Invocation): Suppositions {
  return { checks: readChecks(values('check')), tables: readAnswers(values('answer')) };
}

/** What is supposed of something that the configuration does not have would be without effect. Throws UsageError. */
export function refuseUnknownNames(plan: Plan, { checks, tables }: Suppositions): void {
  const names = moduleNames(plan);
  const refuse = (option: string, name: string, isMeant: (module: string) => boolean): void => {
    if (names.has(name) || name === 'dmarc') return;
    const known = [...names].flatMap(([each, { module }]) =>
      isMeant(module) && !each.startsWith('check.') && !each.startsWith('table.') ? [each] : [],
    );
    throw new UsageError(
      `--${option} ${name}: the configuration has no "${name}"`,
      known.length === 0 ? null : `it has: ${known.join(', ')}`,
    );
  };
  for (const name of checks.keys()) refuse('check', name, isCheck);
  for (const name of tables.keys()) refuse('answer', name, (module) => module.startsWith('table.'));
}

export const endpointOption = {
  name: 'endpoint',
  value: 'NAME',
  usual: () => ['smtp', 'submission', 'lmtp'],
  help: 'smtp, submission, lmtp, or "NAME ADDRESS" where there are several',
} as const satisfies OptionSpec;

export const suppositionOptions = [
  {
    name: 'check',
    value: 'NAME=VERDICT',
    usual: () => checkNames().map((name) => `${name}=fail`),
    repeat: true,
    help: 'what a check says: pass (as it does untold), fail, quarantine, softfail …',
  },
  { name: 'answer', value: 'TABLE:KEY=VALUE', repeat: true, help: 'what a table gives; without VALUE: nothing' },
] as const satisfies readonly OptionSpec[];

function isCheck(module: string): boolean {
  return /^(check[.]|require_)/.test(module);
}

/** Checks as `--check` takes them. */
function checkNames(): readonly string[] {
  const names = Object.keys(modules).filter(isCheck);
  return [...names.map((name) => name.replace(/^check[.]/, '')), 'dmarc'];
}

/** Angle brackets as they stand in SMTP are welcome, and no part of the address. */
function bare(address: string): string {
  return /^<(.*)>$/s.exec(address)?.[1] ?? address;
}

function readChecks(options: readonly string[]): Suppositions['checks'] {
  return new Map(
    options.map((option) => {
      const [name = '', verdict] = option.split('=');
      if (name === '' || verdict === undefined || !verdictWords.includes(verdict)) {
        throw new UsageError(`--check ${option}: write NAME=VERDICT`, `verdicts: ${verdictWords.join(', ')}`);
      }
      return [name, verdict];
    }),
  );
}

function readAnswers(options: readonly string[]): Suppositions['tables'] {
  const tables = new Map<string, Map<string, string[]>>();
  for (const option of options) {
    const match = /^([^:=]+):([^=]*)=(.*)$/s.exec(option);
    if (match === null) {
      throw new UsageError(`--answer ${option}: write TABLE:KEY=VALUE, or TABLE:KEY= for a key that is not there`);
    }
    const [, table = '', key = '', value = ''] = match;
    const answers = tables.get(table) ?? new Map<string, string[]>();
    const known = answers.get(key) ?? [];
    answers.set(key, value === '' ? known : [...known, value]);
    tables.set(table, answers);
  }
  return tables;
}
