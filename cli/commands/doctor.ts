import { localDomainsOf } from '../../compiler/routing/prove/local-domains.ts';
import { type Command, commonOptions, type Invocation, UsageError } from '../command.ts';
import { defaultFile } from '../default-file.ts';
import { serviceAccount } from '../doctor/account.ts';
import { examineHost } from '../doctor/examine-host.ts';
import type { DoctorFinding } from '../doctor/finding.ts';
import { hostFactsFor } from '../host-facts/gather.ts';
import type { Account } from '../host-facts/paths.ts';
import { loadConfiguration } from '../load-plan.ts';
import { version } from '../version.ts';

export const doctor: Command = {
  name: 'doctor',
  summary: 'whether this machine has what the configuration needs',
  usage: '[FILE] [--user USER] [options]',
  description: `Looks at sockets and whether the server's account may use them, greets LMTP and asks for postmaster, shakes hands with the auth server,
reads certificates and keys, and tries ports and directories. Sends no message, tries no password, changes nothing. Best run as root on the
mail server.`,
  options: [
    { name: 'user', value: 'USER', help: 'account of the server; untold: maddy for root, else your own' },
    { name: 'timeout', value: 'SECONDS', help: 'how long a server may take to answer (5)' },
    { ...commonOptions.quiet, help: 'only what needs attention' },
    commonOptions.json,
    commonOptions.color,
  ],
  examples: [
    { command: 'sudo maddyc doctor /etc/maddy/maddy.conf', says: 'everything, for the account "maddy"' },
    { command: 'maddyc doctor --user mail --quiet maddy.conf', says: 'only what needs attention, for another account' },
    { command: 'maddyc doctor --json maddy.conf', says: 'for a program to read' },
  ],
  exitCodes: [
    [0, 'nothing is wrong (warnings are shown)'],
    [1, 'something does not work, or the configuration has errors'],
    [2, 'wrong use: no such file, no such account'],
  ],
  docs: 'doctor.md',
  operands: 1,

  async run(invocation) {
    const { has, io, operands } = invocation;
    const path = operands[0] ?? defaultFile(io);
    const account = readAccount(invocation);
    const timeout = readTimeout(invocation);
    const loaded = await loadConfiguration(path, invocation);
    if (loaded === null) return 1;
    const { file, plan } = loaded;
    const analysis = file.analyse({ environment: 'expand', facts: hostFactsFor(loaded.analysis.program, account) });
    const localDomains = localDomainsOf(analysis.expansion, plan);
    const findings = await examineHost({ analysis, localDomains, account, timeout, env: io.env });
    if (has('json')) io.stdout.write(`${JSON.stringify(reportJson(findings, account), null, 2)}\n`);
    else writeText(findings, path, account, invocation);
    return findings.some(({ status }) => status === 'error') ? 1 : 0;
  },
};

function readAccount({ value }: Invocation): Account {
  const account = serviceAccount(value('user'));
  if (account !== null) return account;
  throw new UsageError(
    `there is no account "${value('user')}" on this machine`,
    `as root: useradd --system --home-dir /var/lib/maddy ${value('user')}; Dovecot does not start either while its listeners name it`,
  );
}

function readTimeout({ value }: Invocation): number {
  const text = value('timeout') ?? '5';
  const seconds = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || seconds <= 0 || seconds > 600) {
    throw new UsageError(`--timeout ${text}: a number of seconds from 0.1 to 600 is needed`);
  }
  return seconds * 1000;
}

function writeText(findings: readonly DoctorFinding[], path: string, account: Account, { io, has }: Invocation): void {
  const shown = has('quiet') ? findings.filter(({ status }) => status !== 'ok') : findings;
  for (const finding of shown) io.stdout.write(findingText(finding));
  if (has('quiet')) return;
  const count = (status: DoctorFinding['status']): number => findings.filter((each) => each.status === status).length;
  const words = `${count('error')} not working, ${count('warning')} to look at, ${count('ok')} well`;
  io.stderr.write(`${path}, for the account ${account.name ?? account.uid}: ${words}\n`);
}

function findingText({ status, subject, message, advice, place, id }: DoctorFinding): string {
  const where = place === null ? '' : `  ${place.file}:${place.line}`;
  const lines = [
    `${status.padEnd(8)}${subject === null ? '' : `${subject}: `}${message}${where}${status === 'ok' ? '' : `  [${id}]`}`,
  ];
  return `${[...lines, ...advice.map((sentence) => `          ${sentence}`)].join('\n')}\n`;
}

/** Fields are only ever added within a version. */
function reportJson(findings: readonly DoctorFinding[], { name, uid }: Account): unknown {
  const summary = { error: 0, warning: 0, info: 0, ok: 0 };
  for (const { status } of findings) summary[status] += 1;
  return { version: 1, tool: { name: 'maddyc', version }, account: { name, uid }, findings, summary };
}
