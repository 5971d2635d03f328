import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryHost } from '../../compiler/source/memory-host.ts';
import { createOutput, type LogOutput } from '../../runtime/observe/output.ts';
import { openTargets } from '../../runtime/observe/targets.ts';
import { MailServer } from '../../runtime/server.ts';
import { planOf } from './compile.ts';
import { DnsServer, type Zones } from './dns-server.ts';
import { freePort } from './free-port.ts';
import { WireClient } from './wire-client.ts';

export interface Mail {
  readonly from?: string;
  readonly to?: readonly string[];
  readonly helo?: string;
  /** Of loopback. */
  readonly source?: string;
  /** Header and body. */
  readonly lines?: readonly string[];
}

const usualLines = ['From: <ann@from.test>', 'Subject: s', '', 'Hello.'];

/** A server in this process with one SMTP endpoint in front of a Maildir, and a DNS of its own. */
export class ServerWithMaildir {
  readonly port: number;
  readonly directory: string;
  readonly dns: DnsServer;
  readonly #server: MailServer;
  readonly #log: string;
  readonly #output: LogOutput;

  private constructor(
    port: number,
    directory: string,
    dns: DnsServer,
    server: MailServer,
    log: string,
    output: LogOutput,
  ) {
    this.port = port;
    this.directory = directory;
    this.dns = dns;
    this.#server = server;
    this.#log = log;
    this.#output = output;
  }

  /** `inEndpoint`: directives of the endpoint. `files`: made below `state_dir` by the test, before the start. */
  static async start(
    inEndpoint: string,
    zones: Zones,
    prepare: (stateDir: string) => void = () => {},
  ): Promise<ServerWithMaildir> {
    const directory = mkdtempSync(join(tmpdir(), 'maddyc-mail-'));
    const stateDir = join(directory, 'state');
    mkdirSync(stateDir);
    prepare(stateDir);
    const log = join(directory, 'log');
    const output = createOutput(await openTargets([log]));
    const dns = await DnsServer.start(zones);
    const server = new MailServer({ output, logWords: [log], version: '1', debug: false, dnsServer: dns.address });
    const port = await freePort();
    const text = `state_dir ${stateDir}
runtime_dir ${directory}/run
hostname mx.test
tls off
target.maildir boxes { path mail }
smtp tcp://127.0.0.1:${port} {
  ${inEndpoint}
  deliver_to &boxes
}
`;
    await server.start(planOf('/maddy.conf', createMemoryHost({ files: new Map([['/maddy.conf', text]]) })));
    return new ServerWithMaildir(port, directory, dns, server, log, output);
  }

  /** Sends a message and gives the reply that it ended with: that of its first refusal, or that to its content. */
  async send({ from = 'a@x.test', to = ['b@y.test'], helo = 'client.test', source, lines = usualLines }: Mail = {}) {
    const client = await WireClient.connect(this.port, source);
    try {
      await client.reply();
      const commands = [`EHLO ${helo}`, `MAIL FROM:<${from}>`, ...to.map((each) => `RCPT TO:<${each}>`), 'DATA'];
      for (const command of commands) {
        const reply = await client.say(command);
        if (!/^[23]/.test(reply)) return reply;
      }
      return await client.say(...lines, '.');
    } finally {
      client.destroy();
    }
  }

  /** Begins a message and goes away. */
  async abandon(): Promise<void> {
    const client = await WireClient.connect(this.port);
    await client.reply();
    for (const command of ['EHLO client.test', 'MAIL FROM:<a@x.test>', 'RCPT TO:<b@y.test>']) await client.say(command);
    client.destroy();
  }

  /**
   * Header fields of the only message that was delivered, to the mailbox or to its Junk, without Received, Return-Path and
   * Delivered-To; unfolded.
   */
  delivered(): readonly string[] {
    const header = readFileSync(this.#deliveredFile(), 'utf8').split('\n\n')[0] ?? '';
    return header
      .replace(/\n(?=[ \t])/g, '')
      .split('\n')
      .filter((field) => !/^(Received|Return-Path|Delivered-To):/.test(field));
  }

  /** The same message as it was sent on: with CRLF. */
  deliveredBytes(): Buffer {
    const text = readFileSync(this.#deliveredFile(), 'latin1');
    return Buffer.from(text.replace(/\r?\n/g, '\r\n'), 'latin1');
  }

  #deliveredFile(): string {
    const [path, ...more] = ['new', '.Junk/new'].flatMap((name) => {
      const folder = join(this.directory, 'state', 'mail', name);
      return existsSync(folder) ? readdirSync(folder).map((file) => join(folder, file)) : [];
    });
    if (path === undefined || more.length > 0) {
      throw new Error(`${path === undefined ? 0 : more.length + 1} messages were delivered`);
    }
    return path;
  }

  /** Lines of the log without their times; message ids are `ID`. */
  get log(): readonly string[] {
    this.#output.flushNow();
    return readFileSync(this.#log, 'utf8')
      .split('\n')
      .map((line) => line.replace(/^\S+ /, '').replace(/"msg_id":"[0-9a-f]{8}"/, '"msg_id":"ID"'));
  }

  async stop(): Promise<void> {
    await this.#server.stop();
    await this.dns.stop();
    rmSync(this.directory, { recursive: true });
  }
}
