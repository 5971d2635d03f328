import { isIP } from 'node:net';
import type { LoginOrigin } from '../pipeline/authenticate.ts';
import { decodeBase64, encodeBase64 } from './base64.ts';
import { DovecotProtocolError } from './dovecot-protocol.ts';
import { type Exchange, type MechanismName, startExchange } from './exchange.ts';

/** What a client is told about its login. `temporary`: the question could not be answered. */
export type LoginAnswer =
  | { readonly kind: 'accepted'; readonly account: string }
  | { readonly kind: 'refused' }
  | { readonly kind: 'temporary' };

export interface SaslServerOptions {
  readonly mechanisms: readonly MechanismName[];
  readonly processId: number;
  /** Of this connection, among all of the process. */
  readonly connectionId: number;
  /** 16 random bytes in hex: what a login server would name this auth server by. */
  readonly cookie: string;
  readonly write: (text: string) => void;
  readonly logIn: (
    mechanism: MechanismName,
    credentials: { readonly user: string; readonly password: string },
    origin: LoginOrigin,
  ) => Promise<LoginAnswer>;
  /** Refused here, nobody was asked. */
  readonly refused: (user: string, reason: string, origin: LoginOrigin) => void;
}

interface Request {
  readonly mechanism: MechanismName;
  readonly exchange: Exchange;
  readonly origin: LoginOrigin;
  /** Dovecot's `nologin`: nobody will look the user up afterwards, so that the answer has to name it. Postfix says so. */
  readonly wantsAccount: boolean;
  /** Waits for the client's answer to a challenge; otherwise for ours. */
  isAsking: boolean;
}

/** Requests of one connection at a time; mail servers have one. */
const mostRequests = 100;
const longestLine = 16_384;

const busy = 'Temporary authentication failure';
/** Both forms: the flag is what clients of old versions know (D6). */
const temporaryFlags = '\ttemp\tcode=temp_fail';

/** Server side of Dovecot's auth client protocol, version 1 (runtime-core 17): text in, text out. */
export class DovecotAuthServer {
  readonly #options: SaslServerOptions;
  readonly #requests = new Map<string, Request>();
  #open = '';
  #stage: 'version' | 'client' | 'requests' = 'version';

  constructor(options: SaslServerOptions) {
    this.#options = options;
    const { processId, connectionId, cookie, mechanisms } = options;
    options.write(
      [
        'VERSION\t1\t1',
        // Postfix takes a server that gives SPID first for one of Dovecot's internal sockets.
        ...mechanisms.map((name) => `MECH\t${name}\tplaintext`),
        `SPID\t${processId}`,
        `CUID\t${connectionId}`,
        `COOKIE\t${cookie}`,
        'DONE\n',
      ].join('\n'),
    );
  }

  /** Whether the client has said who it is. */
  get isReady(): boolean {
    return this.#stage === 'requests';
  }

  /** No request is being answered. */
  get isIdle(): boolean {
    return this.#requests.size === 0;
  }

  /** Throws DovecotProtocolError. */
  receive(text: string): void {
    const lines = (this.#open + text).split('\n');
    this.#open = lines.pop() ?? '';
    for (const line of lines) this.#readLine(line.replace(/\r$/, '').split('\t'));
    if (this.#open.length > longestLine) throw new DovecotProtocolError('a line is too long');
  }

  #readLine([command = '', ...fields]: readonly string[]): void {
    if (this.#stage === 'version') {
      if (command !== 'VERSION' || fields[0] !== '1' || fields.length !== 2) {
        throw new DovecotProtocolError('VERSION 1 expected');
      }
      this.#stage = 'client';
    } else if (this.#stage === 'client') {
      if (command !== 'CPID' || fields.length !== 1) throw new DovecotProtocolError('CPID expected');
      this.#stage = 'requests';
    } else if (command === 'AUTH') this.#begin(fields);
    else if (command === 'CONT') this.#continue(fields);
    else if (command === 'CANCEL') this.#requests.delete(fields[0] ?? '');
    else throw new DovecotProtocolError(`unknown command ${command}`);
  }

  #begin([id = '', name = '', ...parameters]: readonly string[]): void {
    if (!/^[0-9]{1,10}$/.test(id) || name === '' || parameters.length === 0) {
      throw new DovecotProtocolError('AUTH needs an id, a mechanism and a service');
    }
    if (this.#requests.has(id)) throw new DovecotProtocolError(`request ${id} is already there`);
    const { origin, response, wantsAccount } = readParameters(parameters);
    const mechanism = this.#options.mechanisms.find((each) => each === name.toUpperCase());
    const exchange = startExchange(name, this.#options.mechanisms);
    if (mechanism === undefined || exchange === null) this.#fail(id, 'unsupported mechanism');
    else if (this.#requests.size >= mostRequests) this.#fail(id, busy, temporaryFlags);
    else {
      const request = { mechanism, exchange, origin, wantsAccount, isAsking: false };
      this.#requests.set(id, request);
      this.#advance(id, request, response);
    }
  }

  #continue([id = '', encoded = '']: readonly string[]): void {
    const request = this.#requests.get(id);
    if (request === undefined || !request.isAsking) throw new DovecotProtocolError(`nothing was asked about ${id}`);
    request.isAsking = false;
    this.#advance(id, request, decodeOrThrow(encoded));
  }

  #advance(id: string, request: Request, response: Buffer | null): void {
    const { mechanism, origin } = request;
    const step = request.exchange.step(response);
    switch (step.kind) {
      case 'challenge':
        request.isAsking = true;
        this.#options.write(`CONT\t${id}\t${encodeBase64(step.text)}\n`);
        break;
      case 'malformed':
        this.#answer(id, request, { kind: 'refused' });
        break;
      case 'refused':
        this.#options.refused(step.user, step.reason, origin);
        this.#answer(id, request, { kind: 'refused' });
        break;
      case 'credentials':
        void this.#options
          .logIn(mechanism, step, origin)
          .catch((): LoginAnswer => ({ kind: 'temporary' }))
          .then((answer) => this.#answer(id, request, answer));
    }
  }

  #answer(id: string, { wantsAccount }: Request, answer: LoginAnswer): void {
    this.#requests.delete(id);
    if (answer.kind === 'temporary') this.#fail(id, busy, temporaryFlags);
    else if (answer.kind === 'refused') this.#fail(id, 'authentication failed');
    // A name that would break the line in two is nobody's.
    else if (/[\t\r\n\0]/.test(answer.account)) this.#fail(id, 'authentication failed');
    else this.#options.write(`OK\t${id}${wantsAccount ? `\tuser=${answer.account}` : ''}\n`);
  }

  #fail(id: string, reason: string, flags = ''): void {
    this.#options.write(`FAIL\t${id}\treason=${reason}${flags}\n`);
  }
}

function readParameters(parameters: readonly string[]) {
  const values = new Map<string, string>();
  for (const parameter of parameters) {
    const equals = parameter.indexOf('=');
    const name = equals === -1 ? parameter : parameter.slice(0, equals);
    values.set(name, equals === -1 ? '' : parameter.slice(equals + 1));
    // What follows is the response, whatever it holds.
    if (name === 'resp') break;
  }
  const response = values.get('resp');
  return {
    origin: {
      address: readAddress(values.get('rip')),
      port: readPort(values.get('rport')),
      localAddress: readAddress(values.get('lip')),
      localPort: readPort(values.get('lport')),
      tls: values.has('secured'),
    },
    response: response === undefined ? null : decodeOrThrow(response),
    wantsAccount: values.has('nologin'),
  };
}

function readAddress(text: string | undefined): string | null {
  if (text === undefined) return null;
  if (isIP(text) === 0) throw new DovecotProtocolError('malformed address');
  return text;
}

function readPort(text: string | undefined): number | null {
  if (text === undefined) return null;
  const port = /^[0-9]{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535)) throw new DovecotProtocolError('malformed port');
  return port;
}

function decodeOrThrow(text: string): Buffer {
  const decoded = decodeBase64(text);
  if (decoded === null) throw new DovecotProtocolError('malformed base64');
  return decoded;
}
