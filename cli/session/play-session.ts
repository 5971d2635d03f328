import type { PlanEndpoint } from '../../compiler/plan/plan.ts';
import { isFields } from '../../compiler/routing/plan-values.ts';
import { type EndpointConfig, sessionOptions } from '../../runtime/endpoints/session-options.ts';
import { MemoryBudget } from '../../runtime/message/body-buffer.ts';
import { configOf } from '../../runtime/plan-config.ts';
import type { SessionBackend } from '../../runtime/smtp/backend.ts';
import { noObserver } from '../../runtime/smtp/observer.ts';
import type { SessionOptions } from '../../runtime/smtp/options.ts';
import { Session } from '../../runtime/smtp/session.ts';
import { silentLog } from './silent-log.ts';

const mostMemory = 256 * 1024 * 1024;

/** What the session of an endpoint would be made with, except that nothing is written to disk. */
export function optionsFor(endpoint: PlanEndpoint): SessionOptions {
  const { module: protocol, config } = endpoint;
  if (protocol !== 'smtp' && protocol !== 'submission' && protocol !== 'lmtp') {
    throw new Error(`${protocol} is no endpoint for mail`);
  }
  const tls = isFields(config.tls) ? config.tls.enabled !== false : false;
  const options = sessionOptions(configOf<EndpointConfig>(endpoint), {
    protocol,
    hasTls: tls,
    stateDir: '.',
    memory: new MemoryBudget(mostMemory),
    log: silentLog,
    observer: noObserver,
  });
  return { ...options, buffer: { kind: 'ram' }, ioDebug: false };
}

export interface Play {
  readonly options: SessionOptions;
  readonly backend: SessionBackend;
  /** Address of the client. */
  readonly ip: string;
  /** TLS from the first byte, as on a `tls://` address. */
  readonly implicitTls: boolean;
  readonly say: (output: string) => void;
  readonly note: (line: string) => void;
}

/** The session that a connection would have, line by line, without the connection. */
export class PlayedSession {
  readonly #session: Session;
  #ended = false;

  constructor(play: Play) {
    const { options, backend, ip, implicitTls } = play;
    const wire = {
      send: play.say,
      end: (output: string) => {
        this.#ended = true;
        play.say(output);
      },
      startTls: (output: string) => {
        play.say(output);
        play.note('taken as if TLS had been agreed on: greet again');
        this.#session.secured();
      },
      pause: () => {},
      resume: () => {},
    };
    this.#session = new Session(options, backend, wire, {
      address: ip,
      port: 4711,
      localAddress: null,
      localPort: null,
    });
    if (implicitTls) this.#session.client.tls = true;
    this.#session.greet();
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** One line without its line end; done when the session waits for more. */
  async line(text: Uint8Array): Promise<void> {
    this.#session.receive(Buffer.concat([text, Buffer.from('\r\n')]));
    while (!this.#ended && this.#session.waitingSince === null) await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Lines of what comes in pieces, without their ends; a last line without an end is one too. */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Buffer> {
  let rest = Buffer.alloc(0);
  for await (const chunk of chunks) {
    rest = Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = rest.indexOf(10); end !== -1; end = rest.indexOf(10, start)) {
      yield rest.subarray(start, end > start && rest[end - 1] === 13 ? end - 1 : end);
      start = end + 1;
    }
    rest = rest.subarray(start);
  }
  if (rest.length > 0) yield rest;
}
