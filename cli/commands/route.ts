import { analyse, type Host, type Plan, prettyReport } from '../../compiler/index.ts';
import { resolveEnvironment } from '../../compiler/plan/environment.ts';
import { readPlan } from '../../compiler/plan/read.ts';
import { explainRoute } from '../../compiler/routing/explain/explain-route.ts';
import { type Command, commonOptions, type Invocation, UsageError } from '../command.ts';
import { defaultFile } from '../default-file.ts';
import { DiskHost } from '../disk-host.ts';
import { type ColorChoice, usesColor } from '../io.ts';
import { routeToJson } from '../route/route-json.ts';
import { readRouteQuestion } from '../route/route-request.ts';
import { routeToText } from '../route/route-text.ts';
import { version } from '../version.ts';

export const route: Command = {
  name: 'route',
  summary: 'where a message goes, rule by rule, and what its sender is told',
  usage: '[FILE] --from ADDRESS --to ADDRESS… [options]',
  description: `Takes an envelope through the configuration, by the same router that the server runs. Static tables and table files are really
looked up; checks pass unless they are told otherwise; what only a running server can know (SQL, LDAP) is followed both ways.
FILE is a configuration or a plan.`,
  options: [
    { name: 'from', value: 'ADDRESS', help: 'MAIL FROM; "" is the null sender of bounces' },
    { name: 'to', value: 'ADDRESS', repeat: true, help: 'RCPT TO' },
    { name: 'endpoint', value: 'NAME', help: 'smtp, submission, lmtp, or "NAME ADDRESS" where there are several' },
    { name: 'auth', value: 'USER', help: 'logged in as USER' },
    { name: 'ip', value: 'ADDRESS', help: 'address of the client' },
    {
      name: 'check',
      value: 'NAME=VERDICT',
      repeat: true,
      help: 'what a check says: pass (as it does untold), fail, quarantine, softfail …',
    },
    { name: 'answer', value: 'TABLE:KEY=VALUE', repeat: true, help: 'what a table gives; without VALUE: nothing' },
    { name: 'no-smtputf8', help: 'MAIL without SMTPUTF8, also where an address needs it' },
    commonOptions.json,
    commonOptions.color,
  ],
  examples: [
    {
      command: 'maddyc route maddy.conf --from a@example.net --to postmaster@example.org',
      says: 'mail from outside to our postmaster',
    },
    {
      command: 'maddyc route --auth alice@example.org --from alice@example.org --to bob@example.net --json',
      says: 'what alice sends, for a program to read',
    },
    {
      command: 'maddyc route --from a@example.net --to b@example.org --answer users:b@example.org=yes',
      says: 'as if the table "users" held b@example.org',
    },
  ],
  exitCodes: [
    [0, 'the route is shown, wherever it leads'],
    [1, 'the configuration has errors'],
    [2, 'wrong use: no such file, no such endpoint, an option without its value'],
  ],
  docs: 'route.md',
  operands: 1,

  async run(invocation) {
    const { io, operands, has } = invocation;
    const question = readRouteQuestion(invocation);
    const file = operands[0] ?? defaultFile(io);
    const host = new DiskHost(io.cwd, io.env, file === '-' ? { path: file, bytes: await io.readStdin() } : null);
    const plan = loadPlan(file, host, invocation);
    if (plan === null) return 1;
    const result = explainRoute(plan, question.request, question.suppositions, host);
    if (!result.ok) throw noSuchEndpoint(question.request.endpoint, result.endpoints);
    const marks = io.stdout.isTerminal;
    io.stdout.write(
      has('json') ? `${JSON.stringify(routeToJson(plan, result), null, 2)}\n` : routeToText(plan, result, { marks }),
    );
    return 0;
  },
};

/** With the environment put in; null when the configuration has errors, which are then shown. */
function loadPlan(file: string, host: Host, { io, value }: Invocation): Plan | null {
  const state = host.read(file);
  if (state === undefined || state.kind === 'absent') throw new UsageError(`${file}: no such file`);
  if (state.kind === 'directory') throw new UsageError(`${file} is a directory`);
  if (state.kind === 'unreadable') throw new UsageError(`${file}: ${state.reason}`);
  const text = state.kind === 'text' ? state.text : new TextDecoder().decode(state.bytes);
  if (/^\s*\{/.test(text)) return readCompiledPlan(file, text, host);
  const analysis = analyse(file, host, { environment: 'expand' });
  const { plan, diagnostics } = analysis.plan(`maddyc ${version}`);
  if (plan !== null) return plan;
  const choice = value('color');
  const color: ColorChoice = choice === 'always' || choice === 'never' ? choice : 'auto';
  io.stderr.write(
    prettyReport(diagnostics, {
      color: usesColor(color, io.stderr, io.env),
      unicode: io.stderr.isTerminal,
      columns: io.stderr.columns,
      secrets: analysis.program.secrets,
    }),
  );
  return null;
}

function readCompiledPlan(file: string, text: string, host: Host): Plan {
  const reading = readPlan(text);
  if (!reading.ok) throw new UsageError(`${file}: ${reading.problems.map(({ message }) => message).join('; ')}`);
  const { plan, problems } = resolveEnvironment(reading.plan, host.env);
  if (problems.length > 0) throw new UsageError(`${file}: ${problems.map(({ message }) => message).join('; ')}`);
  return plan;
}

function noSuchEndpoint(asked: string | null, known: readonly string[]): UsageError {
  const names = known.length === 0 ? 'the configuration takes no mail' : `it has: ${known.join(', ')}`;
  return new UsageError(asked === null ? names : `no endpoint "${asked}"`, asked === null ? null : names);
}
