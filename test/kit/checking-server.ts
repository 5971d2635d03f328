import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DnsServer, type DnsServerOptions, type Zones } from './dns-server.ts';
import { freePort } from './free-port.ts';
import { ServerProcess } from './server-process.ts';
import { WireClient } from './wire-client.ts';

/** The domain whose mail the server signs. */
export const signedDomain = 'own.test';

/** `maddyc run` with SPF, DKIM, DMARC and signing in front of a Maildir, as a process of its own whose costs can be read. */
export class CheckingServer {
  readonly port: number;
  readonly dns: DnsServer;
  readonly #directory: string;
  readonly #process: ServerProcess;

  private constructor(port: number, directory: string, dns: DnsServer, process: ServerProcess) {
    this.port = port;
    this.#directory = directory;
    this.dns = dns;
    this.#process = process;
  }

  /** `more`: directives of the endpoint. */
  static async start(zones: Zones, options: DnsServerOptions = {}, more = ''): Promise<CheckingServer> {
    const directory = mkdtempSync(join(tmpdir(), 'maddyc-checking-'));
    const dns = await DnsServer.start(zones, options);
    const port = await freePort();
    const file = join(directory, 'maddy.conf');
    writeFileSync(
      file,
      `state_dir ${directory}/state
runtime_dir ${directory}/run
hostname mx.test
tls off
target.maildir boxes {
    path mail
}
smtp tcp://127.0.0.1:${port} {
    max_message_size 64M
    dmarc yes
    check {
        spf
        dkim
    }
    modify {
        dkim ${signedDomain} s
    }
    ${more}
    deliver_to &boxes
}
`,
    );
    const process = await ServerProcess.start(['-config', file, '-debug.dnsoverride', dns.address, 'run']);
    return new CheckingServer(port, directory, dns, process);
  }

  /** Sends header and body and gives the reply to them, or the first refusal before. */
  async send(
    content: readonly (string | Buffer)[],
    { from = `a@${signedDomain}`, helo = 'client.test' }: { readonly from?: string; readonly helo?: string } = {},
  ): Promise<string> {
    const client = await WireClient.connect(this.port);
    try {
      await client.reply();
      for (const command of [`EHLO ${helo}`, `MAIL FROM:<${from}>`, 'RCPT TO:<b@y.test>', 'DATA']) {
        const reply = await client.say(command);
        if (!/^[23]/.test(reply)) return reply;
      }
      for (const piece of content) client.send(typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece);
      return await client.say('.');
    } finally {
      client.destroy();
    }
  }

  /** Takes the only message that was delivered away and gives the start of it, its header unfolded. */
  takeDelivered(): string {
    const mail = join(this.#directory, 'state', 'mail');
    const files = ['new', '.Junk/new']
      .map((folder) => join(mail, folder))
      .flatMap((folder) => (existsSync(folder) ? readdirSync(folder).map((file) => join(folder, file)) : []));
    const [file, ...more] = files;
    if (file === undefined || more.length > 0) throw new Error(`${files.length} messages were delivered`);
    const start = Buffer.alloc(1 << 20);
    const open = openSync(file, 'r');
    const length = readSync(open, start);
    closeSync(open);
    rmSync(file);
    return start.toString('utf8', 0, length).replace(/\n[ \t]+/g, ' ');
  }

  get log(): string {
    return this.#process.log;
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** Seconds of processor time so far. */
  get processorTime(): number {
    const [, rest = ''] = readFileSync(`/proc/${this.pid}/stat`, 'latin1').split(/\) /);
    const fields = rest.split(' ');
    const ticksPerSecond = 100;
    return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
  }

  /** The most bytes that it has ever had in memory. */
  get peakMemory(): number {
    const status = readFileSync(`/proc/${this.pid}/status`, 'latin1');
    return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
  }

  async stop(): Promise<void> {
    await this.#process.stop();
    await this.dns.stop();
    rmSync(this.#directory, { recursive: true });
  }
}
