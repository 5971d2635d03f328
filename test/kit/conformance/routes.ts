import { spawn } from 'node:child_process';
import { DnsServer } from '../dns-server.ts';
import { expectedOutcome, LiveCase, missingModules } from '../live-routes.ts';
import { comparableDelivery, type RecordedCase, type RecordedDelivery, type RecordedEnvelope } from '../routes.ts';
import { ServerProcess } from '../server-process.ts';
import { type ConformanceKind, difference, field, isRecord, type Outcome, type Surroundings } from './kind.ts';

/** Recorded routes (`routes.json`): what `maddyc route` says, or what a running server does. */
export const routes: ConformanceKind = {
  name: 'routes',
  width: 3,
  recognises: (fileName, cases) => fileName.startsWith('routes') || cases.some((one) => isCase(one)),
  startsProcess: () => true,
  check: async (recorded, surroundings): Promise<Outcome> => {
    if (!isCase(recorded)) return 'no configuration with envelopes';
    const live = new LiveCase(recorded);
    try {
      const path = await live.prepare();
      return surroundings.routes === 'live'
        ? await runLive(recorded, live, path, surroundings)
        : await askRoute(recorded, live, path, surroundings);
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    } finally {
      await live.close();
    }
  },
};

function isCase(recorded: unknown): recorded is RecordedCase {
  return isRecord(recorded) && typeof recorded.config === 'string' && Array.isArray(recorded.envelopes);
}

async function askRoute(
  recorded: RecordedCase,
  live: LiveCase,
  path: string,
  { command }: Surroundings,
): Promise<string | null> {
  const faults: string[] = [];
  for (const envelope of recorded.envelopes) {
    if (envelope.static === false) continue;
    const checks = envelope.static?.check ?? [];
    const { endpoint, ip, auth, from, to } = envelope;
    const args = [
      ...['route', path, '--json', '--endpoint', live.fill(endpoint), '--from', from],
      ...to.flatMap((recipient) => ['--to', recipient]),
      ...(auth === null ? [] : ['--auth', auth.user]),
      ...(ip === '127.0.0.1' ? [] : ['--ip', ip]),
      ...checks.flatMap((check) => ['--check', check]),
      ...(envelope.smtputf8 === false ? ['--no-smtputf8'] : []),
    ];
    const answer: unknown = JSON.parse(await outputOf([...command, ...args]));
    const recipients = field(answer, 'recipients');
    const rows = Array.isArray(recipients) ? recipients.map((row: unknown) => comparable(row, checks.length > 0)) : [];
    const fault = difference(
      envelope.expect.map((row) => comparable(row, checks.length > 0)),
      rows,
    );
    if (fault !== null) faults.push(`${nameOf(envelope)}: ${fault}`);
  }
  return faults.length === 0 ? null : faults.join('\n  ');
}

/** Outcome, deliveries, code and enhanced code; deliveries of refused recipients are not compared. */
function comparable(row: unknown, onlyOutcome: boolean): unknown {
  const outcome = field(row, 'outcome');
  if (onlyOutcome) return { outcome };
  const deliveries = field(row, 'deliveries');
  const reply = field(row, 'reply');
  return {
    outcome,
    deliveries:
      outcome === 'delivered' && Array.isArray(deliveries)
        ? deliveries.filter(isDelivery).map(comparableDelivery).sort()
        : [],
    reply: isRecord(reply) ? `${String(reply.code)} ${String(reply.enhanced)}` : null,
  };
}

function isDelivery(value: unknown): value is RecordedDelivery {
  return isRecord(value) && typeof value.target === 'string' && typeof value.recipient === 'string';
}

async function runLive(
  recorded: RecordedCase,
  live: LiveCase,
  path: string,
  { command }: Surroundings,
): Promise<Outcome> {
  const [missing] = missingModules(recorded);
  if (missing !== undefined) return { pending: missing };
  const dns = await DnsServer.start(recorded.dns ?? {});
  const port = String(live.places().port('remote_smtp'));
  const args = ['-config', path, '-debug.smtpport', port, '-debug.dnsoverride', dns.address, 'run'];
  const server = ServerProcess.launch(args, { command });
  const faults: string[] = [];
  try {
    await server.logged(/^server started\t/m);
    for (const envelope of recorded.envelopes) {
      const fault = difference(expectedOutcome(envelope), await live.send(envelope));
      if (fault !== null) faults.push(`${nameOf(envelope)}: ${fault}`);
    }
  } finally {
    await server.stop();
    await dns.stop();
  }
  return faults.length === 0 ? null : faults.join('\n  ');
}

function nameOf({ endpoint, from, to }: RecordedEnvelope): string {
  return `${endpoint} <${from}> to ${to.join(', ')}`;
}

/** Standard output; what it writes to standard error when it fails. */
function outputOf([program = '', ...args]: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let complaint = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint += text;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`route ended with ${code}: ${complaint}`));
    });
  });
}
