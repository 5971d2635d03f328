import type { Host } from '../../compiler/host.ts';
import type { Plan, PlanEndpoint } from '../../compiler/plan/plan.ts';
import { explainRoute, takesMail } from '../../compiler/routing/explain/explain-route.ts';
import type { RecipientRoute } from '../../compiler/routing/explain/request.ts';
import { isFields, textAt, usesAt } from '../../compiler/routing/plan-values.ts';
import { parseFileTable } from '../../compiler/routing/tables/file.ts';
import { trialCheck } from '../../compiler/trial/stand-ins.ts';
import { shellWord } from '../route/route-command.ts';
import { curlCommand } from './curl-command.ts';
import { type SampleFiles, sampleSenders } from './samples.ts';
import type { TrialEndpoint, TrialReport } from './trial-report.ts';

/** Something to try, as a line for a shell. */
export interface Attempt {
  readonly says: string;
  readonly command: string;
  /** What the server will answer. */
  readonly refusal: string | null;
  /** How that comes about with the account of the trial, and not with those of the real server. */
  readonly because: string | null;
}

export interface AttemptsOf {
  /** Of the trial. */
  readonly plan: Plan;
  readonly host: Host;
  readonly account: TrialReport['trial']['account'];
  readonly endpoints: readonly TrialEndpoint[];
  readonly samples: SampleFiles;
}

/** Keys of tables that are tried as recipients when the account is none. */
const mostRecipients = 20;

/** What to try first at each place, with commands that the routes of the trial let through where there are any. */
export function attempts(of: AttemptsOf): readonly Attempt[] {
  const seen = new Set<string>();
  return of.plan.endpoints.flatMap((endpoint) =>
    endpoint.addresses.flatMap((address) => {
      const place = of.endpoints.find(({ name, listens }) => name === endpoint.module && isShown(listens, address));
      if (place === undefined || seen.has(place.listens)) return [];
      seen.add(place.listens);
      return takesMail(endpoint) ? mailAttempts(of, endpoint, address, place) : otherAttempts(place);
    }),
  );
}

/** Sockets are written relative to the runtime directory in the plan, and whole for people. */
function isShown(listens: string, address: string): boolean {
  return (
    listens === address || (address.startsWith('unix://') && listens.endsWith(`/${address.slice('unix://'.length)}`))
  );
}

function mailAttempts(
  of: AttemptsOf,
  endpoint: PlanEndpoint,
  address: string,
  place: TrialEndpoint,
): readonly Attempt[] {
  const { account, samples } = of;
  const name = `${endpoint.module} ${address}`;
  const logsIn = usesAt(endpoint.config, 'auth').length > 0;
  const { stranger } = sampleSenders(account.user);
  const made: Attempt[] = [];
  const add = (says: string, login: boolean, from: string, recipients: readonly string[]): void => {
    const { to, refusal, because } = firstTaken(of, { name, auth: login ? account.user : null, from, recipients });
    const file = from === stranger ? samples.fromStranger : samples.fromAccount;
    const command = commandFor(place, { login: login ? account : null, from, to, file });
    made.push({ says, command, refusal, because });
  };
  if (!logsIn || endpoint.module === 'smtp') {
    const isLmtp = endpoint.module === 'lmtp';
    const giver = isLmtp ? 'a mail server in front' : 'another server';
    add(`${endpoint.module}: mail from ${giver}`, false, stranger, recipientsOf(of));
    // Whoever takes that hands mail of its users on; that all others refuse it is not worth a line.
    if (!isLmtp && firstTaken(of, { name, auth: null, from: account.user, recipients: [stranger] }).refusal === null) {
      add(`${endpoint.module}: mail for somebody elsewhere`, false, account.user, [stranger]);
    }
  }
  if (logsIn) {
    add(`${endpoint.module}: log in and write to yourself`, true, account.user, recipientsOf(of));
    // One line for each kind of place is enough to see it.
    if (address === endpoint.addresses[0]) {
      add(`${endpoint.module}: log in and write to somebody elsewhere`, true, account.user, [stranger]);
    }
  }
  return made;
}

interface Envelope {
  readonly name: string;
  readonly auth: string | null;
  readonly from: string;
  readonly recipients: readonly string[];
}

/** The first recipient that is taken; if none is, the first one with its reply. */
function firstTaken(
  { plan, host }: AttemptsOf,
  { name, auth, from, recipients }: Envelope,
): { readonly to: string } & Pick<Attempt, 'refusal' | 'because'> {
  // Checks that stand in for others find what they are there for.
  const supposed = { checks: new Map([[trialCheck, 'fail']]), tables: new Map() };
  const request = { endpoint: name, ip: '127.0.0.1', auth, from, to: recipients, smtputf8: null };
  const answer = explainRoute(plan, request, supposed, host);
  const routes = answer.ok ? answer.recipients : [];
  const [first] = routes;
  const taken = routes.find(({ outcome }) => outcome !== 'rejected' && outcome !== 'deferred') ?? null;
  return {
    to: (taken ?? first)?.to ?? recipients[0] ?? '',
    ...(taken === null ? refusalOf(first, plan.files, auth) : accepted),
  };
}

const accepted = { refusal: null, because: null };

/** With the line that says so. */
function refusalOf(
  route: RecipientRoute | undefined,
  files: Plan['files'],
  user: string | null,
): Pick<Attempt, 'refusal' | 'because'> {
  if (route === undefined || route.reply === null) return accepted;
  const { code, enhanced, text } = route.reply;
  const last = route.steps.findLast((step) => step.kind === 'reject' || (step.kind === 'check' && !step.passed));
  const place = last === undefined ? '' : ` (${files[last.at[0]] ?? ''}:${last.at[1]})`;
  const lacksAddress = last?.kind === 'check' && last.module.module === 'check.authorize_sender' && user !== null;
  return {
    refusal: `${code} ${enhanced} ${text}${place}`,
    because: lacksAddress
      ? `${user} is an account of the trial alone: the tables of authorize_sender do not give it this address`
      : null,
  };
}

interface Mail {
  readonly login: AttemptsOf['account'] | null;
  readonly from: string;
  readonly to: string;
  readonly file: string;
}

/** curl speaks no LMTP and SMTP over no socket; swaks does (jetmore.org/john/code/swaks). */
function commandFor({ name, listens, tls }: TrialEndpoint, { login, from, to, file }: Mail): string {
  const socket = listens.startsWith('unix://') ? listens.slice('unix://'.length) : null;
  const port = Number(listens.slice(listens.lastIndexOf(':') + 1));
  if (socket === null && name !== 'lmtp') {
    const helo = login === null ? 'mx.example.net' : 'laptop';
    return curlCommand({ port, tls, helo, ...(login === null ? {} : { login }), from, to, file });
  }
  const words = [
    'swaks',
    ...(name === 'lmtp' ? ['--protocol', 'LMTP'] : []),
    ...(socket === null ? ['--server', '127.0.0.1', '--port', String(port)] : ['--socket', socket]),
    ...(login === null ? [] : ['--auth', 'PLAIN', '--auth-user', login.user, '--auth-password', login.password]),
    ...(tls === 'implicit' ? ['--tls-on-connect'] : tls === 'starttls' && login !== null ? ['--tls'] : []),
    ...['--from', from, '--to', to, '--data', `@${file}`],
  ];
  return words.map(shellWord).join(' ');
}

function otherAttempts({ name, listens }: TrialEndpoint): readonly Attempt[] {
  if (name !== 'openmetrics') return [];
  const socket = listens.startsWith('unix://') ? listens.slice('unix://'.length) : null;
  const command =
    socket === null
      ? `curl ${listens.replace(/^\w+:/, 'http:')}/metrics`
      : `curl --unix-socket ${shellWord(socket)} http://localhost/metrics`;
  return [{ says: 'openmetrics: figures', command, ...accepted }];
}

/** The account, then whoever tables name. */
function recipientsOf({ plan, host, account: { user } }: AttemptsOf): readonly string[] {
  const domain = user.slice(user.lastIndexOf('@') + 1);
  const keys = new Set([user, `postmaster@${domain}`]);
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || keys.size >= mostRecipients) return;
    if (isFields(value) && value.module === 'table.file' && isFields(value.config)) {
      const state = host.read(textAt(value.config, 'file') ?? '');
      const entries = state?.kind === 'text' ? parseFileTable(state.text).entries.keys() : [];
      for (const key of entries) {
        if (keys.size >= mostRecipients) break;
        if (/^[^\s@]+(@[^\s@]+)?$/.test(key)) keys.add(key.includes('@') ? key : `${key}@${domain}`);
      }
    }
    for (const inner of Object.values(value)) visit(inner);
  };
  visit(plan.blocks);
  visit(plan.endpoints);
  return [...keys];
}
