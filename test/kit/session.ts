import { MemoryBudget } from '../../runtime/message/body-buffer.ts';
import type { AuthVerdict, Eventually, MessageBody, MessageHeader, Reply } from '../../runtime/module.ts';
import { ReplyError } from '../../runtime/module.ts';
import type { Logger } from '../../runtime/observe/log.ts';
import type {
  Credentials,
  MailParameters,
  SessionBackend,
  SessionClient,
  Transaction,
} from '../../runtime/smtp/backend.ts';
import { noObserver } from '../../runtime/smtp/observer.ts';
import type { SessionOptions } from '../../runtime/smtp/options.ts';
import { Session } from '../../runtime/smtp/session.ts';

/** What a fake backend has been told, in order, one line each. */
export type Happening = string;

export interface FakeBackendOptions {
  /** Answers later, in a turn of its own, instead of at once. */
  readonly slow?: boolean;
  readonly passwords?: Readonly<Record<string, string>>;
  readonly hello?: (client: SessionClient) => Reply | null;
  readonly mail?: (from: string, id: string) => void;
  readonly recipient?: (to: string) => void;
  /** One entry per recipient on LMTP; missing: all accepted. */
  readonly data?: (recipients: readonly string[]) => readonly (ReplyError | null)[];
}

export interface ReceivedMessage {
  readonly from: string;
  readonly recipients: readonly string[];
  readonly header: string;
  readonly body: string;
  /** As it would be sent on (D23). */
  readonly sentBody: string;
}

/** A backend that takes what its options do not refuse, and remembers it. */
export class FakeBackend implements SessionBackend {
  readonly happenings: Happening[] = [];
  readonly messages: ReceivedMessage[] = [];
  readonly #options: FakeBackendOptions;
  #started = 0;

  constructor(options: FakeBackendOptions = {}) {
    this.#options = options;
  }

  hello(client: SessionClient): Eventually<Reply | null> {
    return this.#eventually(() => this.#options.hello?.(client) ?? null);
  }

  async authenticate(_client: SessionClient, mechanism: string, { user, password }: Credentials) {
    this.happenings.push(`auth ${mechanism} ${user}`);
    const verdict: AuthVerdict =
      user === 'down'
        ? { kind: 'temporary', reason: 'service is down' }
        : this.#options.passwords?.[user] === password
          ? { kind: 'accepted' }
          : { kind: 'refused', reason: 'unknown credentials' };
    return { verdict, identity: user };
  }

  mail(_client: SessionClient, from: string, parameters: MailParameters): Eventually<Transaction> {
    const id = (++this.#started).toString(16).padStart(8, '0');
    return this.#eventually(() => {
      this.#options.mail?.(from, id);
      this.happenings.push(`${id} from <${from}>${describe(parameters)}`);
      return this.#transaction(id, from);
    });
  }

  closed(): void {
    this.happenings.push('closed');
  }

  #transaction(id: string, from: string): Transaction {
    const recipients: string[] = [];
    return {
      id,
      recipient: (to) =>
        this.#eventually(() => {
          this.#options.recipient?.(to);
          recipients.push(to);
          this.happenings.push(`${id} to <${to}>`);
        }),
      data: async (header, body) => {
        this.messages.push({ from, recipients, ...(await content(header, body)) });
        this.happenings.push(`${id} data`);
        if (this.#options.slow) await turn();
        return this.#options.data?.(recipients) ?? recipients.map(() => null);
      },
      abort: () => {
        this.happenings.push(`${id} aborted`);
      },
    };
  }

  #eventually<T>(work: () => T): Eventually<T> {
    return this.#options.slow ? turn().then(work) : work();
  }
}

async function content(header: MessageHeader, body: MessageBody) {
  return {
    header: header.bytes().toString('latin1'),
    body: await text(body),
    sentBody: await text(body.repaired ?? body),
  };
}

async function text(body: MessageBody): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of body.chunks()) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  if (bytes.length !== body.size) throw new Error(`body says ${body.size} bytes, but has ${bytes.length}`);
  return bytes.toString('latin1');
}

function describe(parameters: MailParameters): string {
  const { size, body, smtputf8, requireTls } = parameters;
  return [
    size === null ? '' : ` SIZE=${size}`,
    body === null ? '' : ` BODY=${body}`,
    smtputf8 ? ' SMTPUTF8' : '',
    requireTls ? ' REQUIRETLS' : '',
  ].join('');
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Log lines as text: `message {fields}`. */
export function recordingLog(lines: string[], name = ''): Logger {
  const put = (message: string, fields: object = {}): void => {
    lines.push(`${name === '' ? '' : `${name}: `}${message} ${JSON.stringify(fields)}`);
  };
  return {
    message: put,
    debug: () => {},
    error: (message, error, fields) => put(message, { ...fields, ...errorFields(error) }),
    raw: (line) => lines.push(line),
    child: (child) => recordingLog(lines, name === '' ? child : `${name}/${child}`),
    get unnamed() {
      return recordingLog(lines);
    },
    debugEnabled: false,
  };
}

function errorFields(error: unknown): object {
  if (!(error instanceof ReplyError)) return { fault: String(error) };
  return { ...error.fields, reply: `${error.reply.code} ${error.reply.enhanced} ${error.reply.text}` };
}

export function sessionOptions(changes: Partial<SessionOptions> = {}): SessionOptions {
  return {
    protocol: 'smtp',
    hostname: 'mx.maddy.test',
    tls: false,
    mechanisms: [],
    insecureAuth: true,
    deferSenderReject: true,
    maxMessageSize: 33_554_432,
    maxHeaderSize: 1_048_576,
    maxRecipients: 20_000,
    maxReceived: 50,
    maxLineLength: 4000,
    maxLoggedRcptErrors: 5,
    bareLineEnds: 'repair',
    ioDebug: false,
    buffer: { kind: 'ram' },
    memory: new MemoryBudget(Number.POSITIVE_INFINITY),
    log: recordingLog([]),
    observer: noObserver,
    now: () => 0,
    date: () => new Date(0),
    uuid: () => '00000000-0000-4000-8000-000000000000',
    ...changes,
  };
}

/** A session without a socket, in the hands of a test, before any backend. */
export class SessionPeer {
  readonly session: Session;
  /** All output since the last `takeOutput`. */
  #output = '';
  /** How many writes the output came in. */
  writes = 0;
  ended = false;
  startedTls = false;
  paused = false;

  constructor(options: Partial<SessionOptions>, backend: SessionBackend) {
    const wire = {
      send: (output: string) => this.#sent(output),
      end: (output: string) => {
        this.#sent(output);
        this.ended = true;
      },
      startTls: (output: string) => {
        this.#sent(output);
        this.startedTls = true;
      },
      pause: () => {
        this.paused = true;
      },
      resume: () => {
        this.paused = false;
      },
    };
    const peer = { address: '192.0.2.1', port: 4711, localAddress: '192.0.2.2', localPort: 25 };
    this.session = new Session(sessionOptions(options), backend, wire, peer);
    this.session.greet();
  }

  /** Gives the bytes to the session and waits until it waits for more. */
  async send(input: string | Buffer): Promise<void> {
    this.session.receive(typeof input === 'string' ? Buffer.from(input) : input);
    await this.settled();
  }

  async settled(): Promise<void> {
    while (!this.ended && this.session.waitingSince === null) await turn();
  }

  takeOutput(): string {
    const output = this.#output;
    this.#output = '';
    return output;
  }

  #sent(output: string): void {
    if (this.ended) throw new Error(`output after the end: ${output}`);
    this.#output += output;
    this.writes++;
  }
}

/** A session before a fake backend. */
export class SessionUnderTest extends SessionPeer {
  readonly backend: FakeBackend;

  constructor(options: Partial<SessionOptions> = {}, backend: FakeBackendOptions = {}) {
    const fake = new FakeBackend(backend);
    super(options, fake);
    this.backend = fake;
  }
}

/**
 * Plays the `C:` lines of a script and gives back the script as it really went, to be compared with the script itself.
 * `C:` lines without a reply between them are sent in one write; `C>` lines are sent as they are, with `\r`, `\n`, `\0`
 * written out; `TLS` answers a STARTTLS; `END` is where the server has closed.
 */
export async function playScript(script: string, peer: SessionPeer): Promise<string> {
  const played: string[] = [];
  let burst = '';
  const exchange = async (): Promise<void> => {
    if (burst !== '') await peer.send(burst);
    burst = '';
    for (const line of peer.takeOutput().split('\r\n').slice(0, -1)) played.push(`S: ${line}`);
  };
  await exchange();
  const lines = scriptLines(script);
  for (const [index, line] of lines.entries()) {
    if (line.startsWith('C: ') || line === 'C:') burst += `${line.slice(3)}\r\n`;
    else if (line.startsWith('C> ')) burst += JSON.parse(`"${line.slice(3).replaceAll('"', '\\"')}"`);
    else if (line === 'TLS') peer.session.secured();
    else continue;
    played.push(line);
    if (!lines[index + 1]?.startsWith('C')) await exchange();
  }
  await exchange();
  if (peer.ended) played.push('END');
  return played.join('\n');
}

/** Without indentation and without empty lines, so that scripts can be written inside of code. */
export function scriptLines(script: string): string[] {
  return script
    .split('\n')
    .map((line) => line.trimStart())
    .filter((line) => line !== '');
}
