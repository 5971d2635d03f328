import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Plan } from '../../compiler/plan/plan.ts';
import { createMemoryHost } from '../../compiler/source/memory-host.ts';
import { cleanAddress } from '../../compiler/text/address.ts';
import { createOutput } from '../../runtime/observe/output.ts';
import { planModules } from '../../runtime/plan-modules.ts';
import { runsModule } from '../../runtime/registry.ts';
import { MailServer } from '../../runtime/server.ts';
import { planOf } from './compile.ts';
import { DnsServer } from './dns-server.ts';
import { freePort } from './free-port.ts';
import {
  comparableDelivery,
  configurationOf,
  fillPlaceholders,
  type Placeholders,
  type RecordedCase,
  type RecordedDelivery,
  type RecordedEnvelope,
  type RecordedSink,
} from './routes.ts';
import { Sink } from './sink.ts';
import { WireClient } from './wire-client.ts';

/** Recorded envelopes sent to a server that runs, with a sink behind every target. */

/** A delivery and its envelope sender, as they are compared: domains in clean form. */
function describeDelivery(delivery: Omit<RecordedDelivery, 'sender'>, sender: string): string {
  return `${comparableDelivery(delivery)} from <${cleanAddress(sender)}>`;
}

/** Which queues a bounce has come through is not recorded. */
function describeBounce({ target, name, recipient }: Omit<RecordedDelivery, 'sender' | 'via'>): string {
  return `bounce ${comparableDelivery({ target, name, recipient, via: [] })}`;
}

class RecordedSinkServer {
  readonly #sink: Sink;
  readonly #recorded: RecordedSink;
  readonly #seen = new Map<object, number>();

  constructor(sink: Sink, recorded: RecordedSink) {
    this.#sink = sink;
    this.#recorded = recorded;
  }

  get port(): number {
    return this.#sink.port;
  }

  /** Recipients of the messages that came since the last call. */
  take(from: string): string[] {
    return this.#sink.sessions.flatMap((session) => {
      const start = this.#seen.get(session) ?? 0;
      // A message that is under way is told when it is there.
      const whole = session.commands.lastIndexOf('DATA') + 1;
      if (whole <= start) return [];
      this.#seen.set(session, whole);
      const deliveries: string[] = [];
      let sender = '';
      let recipients: string[] = [];
      for (const command of session.commands.slice(start, whole)) {
        const address = /<(.*?)>/.exec(command)?.[1] ?? '';
        if (command.startsWith('MAIL')) {
          sender = address;
          recipients = [];
        } else if (command.startsWith('RCPT') && !this.#refuses(command)) recipients.push(address);
        else if (command === 'DATA') {
          for (const recipient of recipients) {
            const delivery = { ...this.#recorded, recipient };
            const isBounce = sender === '' && from !== '';
            deliveries.push(isBounce ? describeBounce(delivery) : describeDelivery(delivery, sender));
          }
        }
      }
      return deliveries;
    });
  }

  #refuses(command: string): boolean {
    const rule = this.#recorded.replies?.find(({ to }) => command.toLowerCase().startsWith(to.toLowerCase()));
    return rule !== undefined && !rule.reply.startsWith('2');
  }

  close(): Promise<void> {
    return this.#sink.close();
  }
}

/** Deliveries that are still under way, behind a queue, get this long. */
const longestWait = 10_000;

/** Folder, ports and sinks of a recorded case; whoever uses it starts the server. */
export class LiveCase {
  readonly #directory = mkdtempSync(join(tmpdir(), 'maddyc-routes-'));
  readonly #ports = new Map<string, number>();
  readonly #sinks: RecordedSinkServer[] = [];
  readonly #recorded: RecordedCase;

  constructor(recorded: RecordedCase) {
    this.#recorded = recorded;
  }

  readonly fill = (text: string): string => fillPlaceholders(text, this.places());

  places(): Placeholders {
    const stateDir = join(this.#directory, 'state');
    return { stateDir, runtimeDir: join(this.#directory, 'run'), port: (name) => this.#ports.get(name) ?? 1 };
  }

  /** Opens the sinks and writes what the server reads; gives the path of the configuration. */
  async prepare(): Promise<string> {
    const { sinks, config, files } = this.#recorded;
    for (const [name, script] of Object.entries(sinks)) {
      const sink = new RecordedSinkServer(await Sink.listen(script), script);
      this.#sinks.push(sink);
      this.#ports.set(name, sink.port);
    }
    for (const [, name] of config.matchAll(/\{port:(\w+)\}/g)) {
      if (name !== undefined && !this.#ports.has(name)) this.#ports.set(name, await freePort());
    }
    const places = this.places();
    mkdirSync(places.stateDir);
    mkdirSync(places.runtimeDir);
    for (const [name, text] of Object.entries(files ?? {})) writeFileSync(join(places.stateDir, name), this.fill(text));
    const path = join(this.#directory, 'maddy.conf');
    writeFileSync(path, configurationOf(this.#recorded, places));
    return path;
  }

  portOf(endpoint: string): number {
    const address = /:(\d+)$/.exec(this.fill(endpoint))?.[1];
    return address === undefined ? (this.#ports.get(endpoint) ?? 0) : Number(address);
  }

  /** Sends an envelope over a connection of its own, and says what is told about each recipient, and what arrives. */
  async send(envelope: RecordedEnvelope): Promise<LiveOutcome> {
    const client = await WireClient.connect(this.portOf(envelope.endpoint), envelope.ip);
    const answers = await converse(client, envelope);
    await client.say('QUIT');
    client.destroy();
    return { answers, deliveries: await this.#arrived(envelope) };
  }

  async #arrived(envelope: RecordedEnvelope): Promise<readonly string[]> {
    const wanted = expectedOutcome(envelope).deliveries.length;
    const deliveries: string[] = [];
    const until = Date.now() + longestWait;
    for (;;) {
      for (const sink of this.#sinks) deliveries.push(...sink.take(envelope.from));
      if (deliveries.length >= wanted || Date.now() > until) return deliveries.sort();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async close(): Promise<void> {
    for (const sink of this.#sinks) await sink.close();
    rmSync(this.#directory, { recursive: true });
  }
}

export interface LiveOutcome {
  readonly answers: readonly LiveAnswer[];
  /** Sorted. */
  readonly deliveries: readonly string[];
}

export interface LiveAnswer {
  readonly to: string;
  readonly outcome: string;
  readonly stage: string | null;
  readonly reply: string | null;
}

export function expectedOutcome({ expect: rows, from, bounces }: RecordedEnvelope): LiveOutcome {
  const answers = rows.map(({ to, outcome, stage, reply }) => ({
    to,
    outcome,
    stage,
    reply: reply === null ? null : `${reply.code} ${reply.enhanced} ${reply.text}`,
  }));
  const deliveries = rows.flatMap((row) =>
    row.deliveries.map((delivery) => describeDelivery(delivery, delivery.sender ?? from)),
  );
  return { answers, deliveries: [...deliveries, ...(bounces ?? []).map(describeBounce)].sort() };
}

/** Serves a prepared case in this process, with its DNS and without a word in the log. */
export async function serveCase(
  recorded: RecordedCase,
  live: LiveCase,
): Promise<{ readonly plan: Plan; stop(): Promise<void> }> {
  const dns = await DnsServer.start(recorded.dns ?? {});
  const server = new MailServer({
    output: createOutput([]),
    logWords: ['off'],
    version: 'test',
    debug: false,
    dnsServer: dns.address,
    mxPort: live.places().port('remote_smtp'),
  });
  const plan = planOfCase(recorded, live.places());
  const stop = async (): Promise<void> => {
    await server.stop();
    await dns.stop();
  };
  try {
    await server.start(plan);
  } catch (error) {
    await stop();
    throw error;
  }
  return { plan, stop };
}

/** The plan of a case, as it is before anything listens. */
export function planOfCase(recorded: RecordedCase, places: Placeholders): Plan {
  const files = new Map(
    Object.entries(recorded.files ?? {}).map(([name, text]) => [
      join(places.stateDir, name),
      fillPlaceholders(text, places),
    ]),
  );
  files.set('/maddy.conf', configurationOf(recorded, places));
  return planOf('/maddy.conf', createMemoryHost({ files }));
}

/** Modules of a case that the runtime does not have. */
export function missingModules(recorded: RecordedCase): readonly string[] {
  const plan = planOfCase(recorded, { stateDir: '/state', runtimeDir: '/run', port: () => 25 });
  const names = planModules(plan).map(({ module }) => module);
  return [...new Set(names.filter((name) => !runsModule(name)))].sort();
}

async function converse(client: WireClient, envelope: RecordedEnvelope): Promise<readonly LiveAnswer[]> {
  const { endpoint, auth, from, to, smtputf8 } = envelope;
  const isLmtp = endpoint.startsWith('lmtp');
  await client.reply();
  await client.say(`${isLmtp ? 'LHLO' : 'EHLO'} client.test`);
  if (auth !== null) await client.say(`AUTH PLAIN ${Buffer.from(`\0${auth.user}\0${auth.pass}`).toString('base64')}`);
  const utf8 = smtputf8 ?? [from, ...to].some((address) => /[^\0-\x7f]/.test(address));
  const mail = await client.say(`MAIL FROM:<${from}>${utf8 ? ' SMTPUTF8' : ''}`);
  if (!mail.startsWith('2')) return to.map((recipient) => answer(recipient, mail, 'mail'));
  const answers = new Map<number, LiveAnswer>();
  const accepted: number[] = [];
  for (const [at, recipient] of to.entries()) {
    const reply = await client.say(`RCPT TO:<${recipient}>`);
    if (reply.startsWith('2')) accepted.push(at);
    else answers.set(at, answer(recipient, reply, 'rcpt'));
  }
  if (accepted.length > 0) {
    await client.say('DATA');
    const author = envelope.header_from ?? (from === '' ? 'postmaster@client.test' : from);
    client.send(`From: ${author}\r\nSubject: test\r\n\r\ntest\r\n.\r\n`);
    const one = isLmtp ? null : await client.reply();
    for (const at of accepted) answers.set(at, answer(to[at] ?? '', one ?? (await client.reply()), 'data'));
  }
  return to.map((recipient, at) => answers.get(at) ?? answer(recipient, '000 0.0.0 not answered', 'rcpt'));
}

function answer(to: string, reply: string, stage: string): LiveAnswer {
  const [, code = '', rest = ''] = /^(\d{3}) (.*)$/s.exec(reply) ?? [];
  if (code.startsWith('2')) return { to, outcome: 'delivered', stage: null, reply: null };
  const text = rest.replace(/ \(msg ID = [0-9a-f]{8}\)$/, '');
  return { to, outcome: code.startsWith('4') ? 'deferred' : 'rejected', stage, reply: `${code} ${text}` };
}
