import type { AuthRequest, AuthVerdict } from '../module.ts';
import { encodeBase64 } from './base64.ts';

/** What is written on the other side is not the protocol, or not its part for clients. */
export class DovecotProtocolError extends Error {}

interface Attempt {
  readonly request: AuthRequest;
  readonly mechanism: 'PLAIN' | 'LOGIN';
  readonly done: (verdict: AuthVerdict) => void;
}

/** LF-ended lines of TAB-separated fields; nothing legitimate is near this. */
const longestLine = 16_384;

/**
 * Dovecot's auth client protocol, version 1 (dovecot.md 1.6): lines in, lines and verdicts out. Any number of attempts
 * at a time.
 */
export class DovecotAuthMachine {
  readonly #write: (text: string) => void;
  readonly #mechanisms = new Set<string>();
  readonly #attempts = new Map<number, Attempt>();
  #open = '';
  #versionSeen = false;
  #isReady = false;
  #lastId = 0;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  /** Whether the server has said `DONE`. */
  get isReady(): boolean {
    return this.#isReady;
  }

  get pending(): number {
    return this.#attempts.size;
  }

  /**
   * `connectionId` names this connection among all clients of the server: Dovecot refuses a second one with the same.
   */
  begin(connectionId: number): void {
    this.#write(`VERSION\t1\t1\nCPID\t${connectionId}\n`);
  }

  /** After `isReady`. */
  authenticate(request: AuthRequest, done: (verdict: AuthVerdict) => void): void {
    const mechanism = this.#mechanisms.has('PLAIN') ? 'PLAIN' : this.#mechanisms.has('LOGIN') ? 'LOGIN' : null;
    if (mechanism === null) {
      const offered = [...this.#mechanisms].join(', ');
      done({
        kind: 'temporary',
        reason: `the Dovecot server offers neither PLAIN nor LOGIN (${offered || 'nothing'})`,
      });
      return;
    }
    this.#lastId++;
    this.#attempts.set(this.#lastId, { request, mechanism, done });
    const response = mechanism === 'PLAIN' ? `\0${request.user}\0${request.password}` : request.user;
    const fields = ['AUTH', this.#lastId, mechanism, ...parametersOf(request), `resp=${encodeBase64(response)}`];
    this.#write(`${fields.join('\t')}\n`);
  }

  /** Throws DovecotProtocolError. */
  receive(text: string): void {
    const lines = (this.#open + text).split('\n');
    this.#open = lines.pop() ?? '';
    for (const line of lines) this.#readLine(line);
    if (this.#open.length > longestLine) throw new DovecotProtocolError('a line is too long');
  }

  /** The connection is gone: nobody knows what has become of the attempts. */
  fail(reason: string): void {
    const attempts = [...this.#attempts.values()];
    this.#attempts.clear();
    for (const { done } of attempts) done({ kind: 'temporary', reason });
  }

  #readLine(line: string): void {
    const [command = '', ...fields] = line.split('\t');
    if (!this.#versionSeen) {
      if (/^220[ -]/.test(line))
        throw new DovecotProtocolError('this is an SMTP or LMTP server, not a Dovecot auth socket');
      if (command !== 'VERSION') throw new DovecotProtocolError('this is not a Dovecot auth socket');
      if (fields[0] !== '1') throw new DovecotProtocolError(`protocol version ${fields.join('.')} is not supported`);
      this.#versionSeen = true;
    } else if (!this.#isReady) this.#readHandshake(command, fields);
    else this.#readReply(command, fields);
  }

  #readHandshake(command: string, [name = '', ...flags]: readonly string[]): void {
    // Private mechanisms are Dovecot's own; unknown lines are of later versions.
    if (command === 'MECH' && !flags.includes('private')) this.#mechanisms.add(name.toUpperCase());
    if (command === 'DONE') this.#isReady = true;
  }

  #readReply(command: string, [idText = '', ...fields]: readonly string[]): void {
    if (command !== 'OK' && command !== 'FAIL' && command !== 'CONT') return;
    const id = Number(idText);
    const attempt = this.#attempts.get(id);
    if (attempt === undefined) throw new DovecotProtocolError(`${command} for an attempt that was not made: ${idText}`);
    if (command === 'CONT') {
      this.#answerChallenge(id, attempt, fields[0] ?? '');
      return;
    }
    this.#attempts.delete(id);
    attempt.done(command === 'OK' ? { kind: 'accepted' } : readFailure(fields));
  }

  #answerChallenge(id: number, { mechanism, request }: Attempt, encoded: string): void {
    const challenge = Buffer.from(encoded, 'base64').toString('utf8');
    if (mechanism !== 'LOGIN') throw new DovecotProtocolError(`unexpected challenge for ${mechanism}`);
    // LOGIN has no grammar: servers ask in words.
    const answer = /^user/i.test(challenge) ? request.user : request.password;
    this.#write(`CONT\t${id}\t${encodeBase64(answer)}\n`);
  }
}

/**
 * `secured`: whether a password may come in the clear is the endpoint's decision, and it was made before. With the
 * client's address Dovecot slows down who guesses. On loopback, and without an address, that would be everybody who comes
 * through the same web mail or proxy: `no-penalty`. The service is written as maddy writes it: Dovecot's settings may use it.
 */
function parametersOf({ remote, local }: AuthRequest): string[] {
  const parameters = ['service=SMTP', 'secured'];
  if (remote === null || /^127\.|^::1$/.test(remote.address)) parameters.push('no-penalty');
  if (local !== null) parameters.push(`lip=${local.address}`, `lport=${local.port}`);
  if (remote !== null) parameters.push(`rip=${remote.address}`, `rport=${remote.port}`);
  return parameters;
}

/** Codes that older servers give as a field of their own. */
const oldCodes: Readonly<Record<string, string>> = { temp: 'temp_fail', authz: 'authz_fail' };

function readFailure(fields: readonly string[]): AuthVerdict {
  let code = '';
  let text = '';
  for (const field of fields) {
    if (field.startsWith('code=')) code = field.slice(5);
    else if (field.startsWith('reason=')) text = field.slice(7);
    else if (/^(temp|authz|user_disabled|pass_expired)$/.test(field)) code = oldCodes[field] ?? field;
  }
  const reason = `dovecotsasl: authentication failed${text === '' ? '' : `: ${text}`} (code=${code})`;
  return { kind: code === 'temp_fail' ? 'temporary' : 'refused', reason };
}
