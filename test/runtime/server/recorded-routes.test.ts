import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Plan } from '../../../compiler/plan/plan.ts';
import { createMemoryHost } from '../../../compiler/source/memory-host.ts';
import { cleanAddress } from '../../../compiler/text/address.ts';
import { createOutput } from '../../../runtime/observe/output.ts';
import { planModules } from '../../../runtime/plan-modules.ts';
import { runsModule } from '../../../runtime/registry.ts';
import { MailServer } from '../../../runtime/server.ts';
import { planOf } from '../../kit/compile.ts';
import { freePort } from '../../kit/free-port.ts';
import {
  comparableDelivery,
  configurationOf,
  fillPlaceholders,
  type RecordedCase,
  type RecordedDelivery,
  type RecordedEnvelope,
  type RecordedSink,
  recordedRoutes,
} from '../../kit/routes.ts';
import { Sink } from '../../kit/sink.ts';
import { WireClient } from '../../kit/wire-client.ts';

/** Cases whose modules the runtime does not have yet; the list shrinks as they come. */
const pending = ['bounce-pipeline', 'dovecot-mail-host', 'home-cluster-relay', 'queues'];

/** A delivery and its envelope sender, as they are compared: domains in clean form. */
function describeDelivery(delivery: Omit<RecordedDelivery, 'sender'>, sender: string): string {
  return `${comparableDelivery(delivery)} from <${cleanAddress(sender)}>`;
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
  take(): string[] {
    return this.#sink.sessions.flatMap((session) => {
      const commands = session.commands.slice(this.#seen.get(session) ?? 0);
      this.#seen.set(session, session.commands.length);
      const deliveries: string[] = [];
      let sender = '';
      let recipients: string[] = [];
      for (const command of commands) {
        const address = /<(.*?)>/.exec(command)?.[1] ?? '';
        if (command.startsWith('MAIL')) {
          sender = address;
          recipients = [];
        } else if (command.startsWith('RCPT') && !this.#refuses(command)) recipients.push(address);
        else if (command === 'DATA')
          deliveries.push(...recipients.map((recipient) => this.#describe(recipient, sender)));
      }
      return deliveries;
    });
  }

  #refuses(command: string): boolean {
    const rule = this.#recorded.replies?.find(({ to }) => command.toLowerCase().startsWith(to.toLowerCase()));
    return rule !== undefined && !rule.reply.startsWith('2');
  }

  #describe(recipient: string, sender: string): string {
    return describeDelivery({ ...this.#recorded, recipient }, sender);
  }

  close(): Promise<void> {
    return this.#sink.close();
  }
}

class RunningCase {
  readonly #directory = mkdtempSync(join(tmpdir(), 'maddyc-routes-'));
  readonly #ports = new Map<string, number>();
  readonly sinks = new Map<string, RecordedSinkServer>();
  readonly #server = new MailServer({
    output: createOutput([]),
    logWords: ['off'],
    version: 'test',
    debug: false,
    dnsServer: '127.0.0.1:1',
  });

  fill = (text: string): string => fillPlaceholders(text, this.#places());

  #places() {
    const stateDir = join(this.#directory, 'state');
    return { stateDir, runtimeDir: join(this.#directory, 'run'), port: (name: string) => this.#ports.get(name) ?? 1 };
  }

  async start(recorded: RecordedCase): Promise<void> {
    for (const [name, script] of Object.entries(recorded.sinks)) {
      const sink = new RecordedSinkServer(await Sink.listen(script), script);
      this.sinks.set(name, sink);
      this.#ports.set(name, sink.port);
    }
    for (const [, name] of recorded.config.matchAll(/\{port:(\w+)\}/g)) {
      if (name !== undefined && !this.#ports.has(name)) this.#ports.set(name, await freePort());
    }
    const places = this.#places();
    mkdirSync(places.stateDir);
    for (const [name, text] of Object.entries(recorded.files ?? {}))
      writeFileSync(join(places.stateDir, name), this.fill(text));
    await this.#server.start(planOfCase(recorded, places));
  }

  portOf(endpoint: string): number {
    const address = /:(\d+)$/.exec(this.fill(endpoint))?.[1];
    return address === undefined ? (this.#ports.get(endpoint) ?? 0) : Number(address);
  }

  async stop(): Promise<void> {
    await this.#server.stop();
    for (const sink of this.sinks.values()) await sink.close();
    rmSync(this.#directory, { recursive: true });
  }
}

function planOfCase(
  recorded: RecordedCase,
  places: { stateDir: string; runtimeDir: string; port: (name: string) => number },
): Plan {
  const files = new Map(
    Object.entries(recorded.files ?? {}).map(([name, text]) => [
      join(places.stateDir, name),
      fillPlaceholders(text, places),
    ]),
  );
  files.set('/maddy.conf', configurationOf(recorded, places));
  return planOf('/maddy.conf', createMemoryHost({ files }));
}

interface Answer {
  readonly to: string;
  readonly outcome: string;
  readonly stage: string | null;
  readonly reply: string | null;
}

/** Sends an envelope as it was sent when it was recorded, and says what the client is told about each recipient. */
async function send(client: WireClient, envelope: RecordedEnvelope): Promise<readonly Answer[]> {
  const { endpoint, auth, from, to, smtputf8 } = envelope;
  const isLmtp = endpoint.startsWith('lmtp');
  await client.reply();
  await client.say(`${isLmtp ? 'LHLO' : 'EHLO'} client.test`);
  if (auth !== null) await client.say(`AUTH PLAIN ${Buffer.from(`\0${auth.user}\0${auth.pass}`).toString('base64')}`);
  const utf8 = smtputf8 ?? [from, ...to].some((address) => /[^\0-\x7f]/.test(address));
  const mail = await client.say(`MAIL FROM:<${from}>${utf8 ? ' SMTPUTF8' : ''}`);
  if (!mail.startsWith('2')) return to.map((recipient) => answer(recipient, mail, 'mail'));
  const answers = new Map<number, Answer>();
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

function answer(to: string, reply: string, stage: string): Answer {
  const [, code = '', rest = ''] = /^(\d{3}) (.*)$/s.exec(reply) ?? [];
  if (code.startsWith('2')) return { to, outcome: 'delivered', stage: null, reply: null };
  const text = rest.replace(/ \(msg ID = [0-9a-f]{8}\)$/, '');
  return { to, outcome: code.startsWith('4') ? 'deferred' : 'rejected', stage, reply: `${code} ${text}` };
}

function expectedAnswers({ expect: rows }: RecordedEnvelope): readonly Answer[] {
  return rows.map(({ to, outcome, stage, reply }) => ({
    to,
    outcome,
    stage,
    reply: reply === null ? null : `${reply.code} ${reply.enhanced} ${reply.text}`,
  }));
}

const placeholder = { stateDir: '/state', runtimeDir: '/run', port: () => 25 };
const runnable = recordedRoutes.cases.filter((recorded) =>
  planModules(planOfCase(recorded, placeholder)).every(({ module }) => runsModule(module)),
);

test('cases that wait for modules', () => {
  const names = new Set(runnable.map(({ name }) => name));
  expect(recordedRoutes.cases.flatMap(({ name }) => (names.has(name) ? [] : [name])).sort()).toEqual(pending);
});

describe.each(runnable)('$name: $about', (recorded) => {
  let running: RunningCase;
  beforeAll(async () => {
    running = new RunningCase();
    await running.start(recorded);
  });
  afterAll(() => running.stop());

  test.each(recorded.envelopes)('$endpoint from <$from> to $to', async (envelope) => {
    const client = await WireClient.connect(running.portOf(envelope.endpoint), envelope.ip);
    const answers = await send(client, envelope);
    await client.say('QUIT');
    client.destroy();
    const deliveries = [...running.sinks.values()].flatMap((sink) => sink.take());
    const expected = envelope.expect.flatMap((row) =>
      row.deliveries.map((delivery) => describeDelivery(delivery, delivery.sender ?? envelope.from)),
    );
    expect(answers).toEqual(expectedAnswers(envelope));
    expect(deliveries.sort()).toEqual(expected.sort());
  });
});
