import { once } from 'node:events';
import { readFile, rename } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { DnsServer, type Zones } from '../../dns-server.ts';
import { ServerProcess } from '../../server-process.ts';
import { WireClient } from '../../wire-client.ts';
import type { Surroundings } from '../kind.ts';
import { CaseFolder } from './case-folder.ts';
import { Downstream } from './downstream.ts';
import { expectText, Mismatch, within } from './mismatch.ts';
import { patternOf } from './placeholders.ts';
import type { RecordedCase, RecordedStep } from './recorded.ts';

/** The client that sessions come from always has a name. */
const usualZones: Zones = { '100.97.109.127.in-addr.arpa.': { PTR: ['client.maddy.test.'] } };

const answerTime = 20_000;
/** Nothing is recorded about this; a busy machine takes long to load the program. */
const startTime = 60_000;
const logTime = 10_000;
const stopTime = 8_000;

/** Plays a recorded case against a server of its own. Throws Mismatch where it does not go as recorded. */
export async function runSessionCase(recorded: RecordedCase, surroundings: Surroundings): Promise<void> {
  const folder = await CaseFolder.make(recorded, surroundings);
  const dns = await DnsServer.start({ ...usualZones, ...recorded.dns });
  const downstream = new Downstream();
  const run = new SessionCase(folder, downstream);
  try {
    await downstream.open(recorded.sinks ?? {}, folder.places.port);
    await run.play(recorded, dns.address, surroundings);
  } finally {
    await run.end();
    await downstream.close();
    await dns.stop();
    await folder.remove();
  }
}

class SessionCase {
  readonly #folder: CaseFolder;
  readonly #downstream: Downstream;
  readonly #clients = new Map<string, WireClient>();
  #server: ServerProcess | null = null;
  #occupant: Server | null = null;

  constructor(folder: CaseFolder, downstream: Downstream) {
    this.#folder = folder;
    this.#downstream = downstream;
  }

  async play(recorded: RecordedCase, dns: string, { command }: Surroundings): Promise<void> {
    const folder = this.#folder;
    await folder.writeConfiguration(recorded.config);
    for (const [name, content] of Object.entries(recorded.files ?? {})) {
      await folder.writeStateFile(name, content, recorded.executable_files?.includes(name) ? 0o755 : 0o644);
    }
    await this.#occupy(recorded.needs ?? []);
    const debug = ['-debug.smtpport', String(folder.places.port('remote_smtp')), '-debug.dnsoverride', dns];
    const args = [
      '-config',
      folder.places.config,
      ...debug,
      ...(recorded.args ?? []),
      'run',
      ...(recorded.run_args ?? []),
    ];
    const server = ServerProcess.launch(args, { command, cwd: folder.testDir });
    this.#server = server;
    if (!recorded.no_wait) await within(startTime, 'server started', server.logged(/^server started\t/m));
    for (const [at, step] of recorded.steps.entries()) {
      try {
        await this.#step(step, server);
      } catch (error) {
        if (error instanceof Mismatch) throw error;
        throw new Mismatch(`step ${at}: ${String(error)}`, { cause: error });
      }
    }
    if (server.exitCode === null) {
      this.#closeClients();
      const code = await within(stopTime, 'the end after SIGINT', server.stop());
      if (code !== 0) throw new Mismatch(`exit code ${code} after SIGINT:\n${server.log.slice(-2000)}`);
    }
    const difference = this.#downstream.difference(
      (recorded.delivered ?? []).map((delivery) => JSON.parse(folder.fill(JSON.stringify(delivery)))),
      recorded.delivered_order === 'any',
    );
    if (recorded.delivered !== undefined && difference !== null) throw new Mismatch(difference);
  }

  /** `needs` names a port that is already in use. */
  async #occupy(needs: readonly string[]): Promise<void> {
    const name = needs.map((need) => /^port \{port:(\w+)\} already bound/.exec(need)?.[1]).find(Boolean);
    if (name === undefined) return;
    this.#occupant = createServer();
    this.#occupant.listen(this.#folder.places.port(name), '127.0.0.1');
    await once(this.#occupant, 'listening');
  }

  async #step(step: RecordedStep, server: ServerProcess): Promise<void> {
    if (step.conn !== undefined) await this.#wireStep(step.conn, step);
    else if (step.write_config !== undefined) await this.#folder.writeConfiguration(step.write_config);
    else if (step.write_file !== undefined) {
      await this.#folder.writeStateFile(step.write_file.name, step.write_file.content);
    } else if (step.signal !== undefined) server.signal(step.signal);
    else if (step.sleep_ms !== undefined) await sleep(step.sleep_ms);
    else if (step.rename !== undefined) {
      const [from, to] = step.rename;
      await patiently(() => rename(this.#folder.fill(from), this.#folder.fill(to)));
    } else if (step.read_file !== undefined) {
      await this.#expectFile(step.read_file, step.expect_body_lines ?? []);
    } else if (step.http_get !== undefined) await this.#get(step.http_get, step);
    else if (step.expect_no_service !== undefined || step.connect_refused !== undefined) {
      await this.#expectNoService(step.expect_no_service ?? step.connect_refused ?? '');
    } else await this.#logStep(step, server);
  }

  async #logStep(step: RecordedStep, server: ServerProcess): Promise<void> {
    if (step.expect_log !== undefined) {
      const line = patternOf(this.#folder.fill(step.expect_log));
      await within(logTime, step.expect_log, server.logged(new RegExp(line.source, 'mu')));
    }
    if (step.expect_exit === null) {
      await within(startTime, 'server started', server.logged(/^server started\t/m));
    } else if (step.expect_exit !== undefined) {
      const code = await within(logTime, 'the end', server.ended());
      if (code !== step.expect_exit)
        throw new Mismatch(`exit code ${code} instead of ${step.expect_exit}:\n${server.log}`);
    }
    if (step.expect_log_lines !== undefined) {
      const expected = step.expect_log_lines;
      await patiently(async () => this.#expectLogLines(expected, server.log));
    }
  }

  #expectLogLines(expected: readonly string[], log: string): void {
    const lines = log.split('\n');
    for (const line of expected) {
      const pattern = patternOf(this.#folder.fill(line));
      const at = lines.findIndex((candidate) => pattern.test(candidate));
      if (at === -1) throw new Mismatch(`no line ${JSON.stringify(line)} (in this order) in the log:\n${log}`);
      lines.splice(0, at + 1);
    }
  }

  #expectFile(name: string, expected: readonly string[]): Promise<void> {
    return patiently(async () => {
      const text = await readFile(this.#folder.fill(name), 'utf8');
      this.#expectLines(name, expected, text.split('\n'));
    });
  }

  #expectLines(what: string, expected: readonly string[], actual: readonly string[]): void {
    if (expected.length !== actual.length) {
      throw new Mismatch(`${what}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`);
    }
    for (const [at, line] of expected.entries()) expectText(what, this.#folder.fill(line), actual[at] ?? '');
  }

  async #wireStep(conn: string, step: RecordedStep): Promise<void> {
    if (step.connect !== undefined) {
      this.#clients.set(conn, await this.#connect(step));
      return;
    }
    const client = this.#clients.get(conn);
    if (client === undefined) throw new Mismatch(`no connection ${conn}`);
    const line = (): Promise<string> => within(answerTime, `${conn}: a line`, client.line());
    if (step.send !== undefined) client.send(step.send.map((each) => `${each}\r\n`).join(''));
    else if (step.send_raw !== undefined) client.send(step.send_raw);
    else if (step.send_repeat !== undefined) client.send(`${step.send_repeat.line}\r\n`.repeat(step.send_repeat.count));
    else if (step.starttls) await within(answerTime, `${conn}: the handshake`, client.startTls());
    else if (step.close) client.destroy();
    else if (step.eof) expectText(conn, '<closed>', await line());
    else if (step.expect_unordered !== undefined) {
      const left = [...step.expect_unordered];
      for (const _ of step.expect_unordered) {
        const actual = await line();
        const at = left.findIndex((expected) => patternOf(this.#folder.fill(expected)).test(actual));
        if (at === -1) throw new Mismatch(`${conn}: ${JSON.stringify(actual)} is none of ${JSON.stringify(left)}`);
        left.splice(at, 1);
      }
    } else for (const expected of step.expect ?? []) expectText(conn, this.#folder.fill(expected), await line());
  }

  async #connect({ connect: port = '', source_ip, tls, unix }: RecordedStep): Promise<WireClient> {
    const where = unix === undefined ? this.#folder.places.port(port) : this.#folder.fill(unix);
    const client = await patiently(() => WireClient.connect(where, source_ip, '\n'));
    if (tls) await client.startTls();
    return client;
  }

  async #get(path: string, step: RecordedStep): Promise<void> {
    const url = `http://127.0.0.1:${this.#folder.places.port(step.port ?? '')}${path}`;
    const response = await fetch(url, { signal: AbortSignal.timeout(answerTime) });
    expectText(`status of ${path}`, String(step.expect_status), String(response.status));
    if (step.expect_content_type !== undefined) {
      expectText(`type of ${path}`, step.expect_content_type, response.headers.get('content-type') ?? '');
    }
    const lines = (await response.text()).split('\n');
    for (const expected of step.expect_body_lines ?? []) {
      const pattern = patternOf(this.#folder.fill(expected));
      if (!lines.some((line) => pattern.test(line)))
        throw new Mismatch(`${path} has no line ${JSON.stringify(expected)}`);
    }
  }

  async #expectNoService(name: string): Promise<void> {
    const socket = connect({ port: this.#folder.places.port(name), host: '127.0.0.1' });
    const [event] = await Promise.race([
      once(socket, 'data').then(() => ['data']),
      once(socket, 'error').then(() => ['error']),
      sleep(2_000).then(() => ['silence']),
    ]).catch(() => ['error']);
    socket.destroy();
    if (event === 'data') throw new Mismatch(`somebody greets at port ${name}`);
  }

  #closeClients(): void {
    for (const client of this.#clients.values()) client.destroy();
    this.#clients.clear();
  }

  async end(): Promise<void> {
    this.#closeClients();
    this.#occupant?.close();
    const server = this.#server;
    if (server === null || server.exitCode !== null) return;
    server.signal('SIGKILL');
    await server.ended();
  }
}

/** Until it goes: a case that was recorded with a pause may be played on a machine that is busy. */
async function patiently<T>(action: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + logTime;
  for (;;) {
    try {
      return await action();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(100);
    }
  }
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
