import { after, isLater, type Listener, tell } from '../../compiler/routing/later.ts';
import { settle } from '../eventually.ts';
import type { Eventually, Reply } from '../module.ts';
import type { PeerAddresses } from '../net/peer.ts';
import type { SessionBackend } from './backend.ts';
import type { CommandContext, ContentReader } from './command.ts';
import { parseCommand } from './command-table.ts';
import { Chunks } from './commands/content.ts';
import { dataGoesOn, lineTooLong } from './data-scanner.ts';
import { Envelope } from './envelope.ts';
import { InputQueue, tooLongLine } from './input-queue.ts';
import { LiveClient } from './live-client.ts';
import {
  longestCommandLine,
  maxBadCommands,
  maxFailedLogins,
  maxKeptInput,
  progressStep,
  type SessionOptions,
} from './options.ts';
import { greetings, replies } from './replies.ts';
import { type ReplyForm, replyLine } from './reply-line.ts';
import { WireTrace } from './wire-trace.ts';

/** What the session asks of its connection. */
export interface Wire {
  send(text: string): void;
  /** Last words; the connection closes after them. `clientIsDone`: it has said QUIT and nothing behind it. */
  end(text: string, clientIsDone: boolean): void;
  /** After these bytes the connection goes on in TLS; `Session.secured` tells that it does. */
  startTls(text: string): void;
  /** No more input for now. */
  pause(): void;
  resume(): void;
}

type LineMode =
  | { readonly kind: 'command' }
  | { readonly kind: 'response'; readonly take: (line: string) => Eventually<void> };

const commandMode: LineMode = { kind: 'command' };

/** What the next bytes are. */
type Mode =
  | LineMode
  | { readonly kind: 'content'; readonly reader: ContentReader }
  | { readonly kind: 'handshake' }
  | { readonly kind: 'closed' };

/**
 * One SMTP, submission or LMTP session without its socket: bytes in, replies and requests to the backend out. Replies to
 * a burst of commands leave in one `send`.
 */
export class Session implements CommandContext {
  readonly options: SessionOptions;
  readonly backend: SessionBackend;
  readonly client: LiveClient;
  readonly envelope: Envelope;
  readonly chunks = new Chunks();
  readonly #wire: Wire;
  readonly #input = new InputQueue();
  readonly #trace: WireTrace | null;
  #mode: Mode = commandMode;
  #output = '';
  #busy = false;
  #paused = false;
  #inputEnded = false;
  #clientIsDone = false;
  #peerGone = false;
  #firstLine = true;
  #badCommands = 0;
  #failedLogins = 0;
  #waitingSince: number;
  #contentSinceProgress = 0;

  constructor(options: SessionOptions, backend: SessionBackend, wire: Wire, peer: PeerAddresses) {
    this.options = options;
    this.backend = backend;
    this.client = new LiveClient(peer);
    this.envelope = new Envelope(options, backend, this.client);
    this.#wire = wire;
    this.#trace = options.ioDebug ? new WireTrace(options.log) : null;
    this.#waitingSince = options.now();
  }

  get greeted(): boolean {
    return this.client.helo !== '';
  }

  /** Since when (Unix ms) the session waits for its client; null while it works itself. */
  get waitingSince(): number | null {
    return this.#busy || this.#mode.kind === 'closed' ? null : this.#waitingSince;
  }

  /** True between messages: nothing is lost when the session ends now. */
  get isIdle(): boolean {
    return !this.#busy && this.#mode.kind === 'command' && !this.envelope.isOpen;
  }

  greet(): void {
    const { hostname, protocol } = this.options;
    this.write(protocol === 'lmtp' ? greetings.lmtp(hostname) : greetings.smtp(hostname));
    this.#flush();
  }

  /** `isLent`: the memory of the chunk is somebody else's again afterwards. */
  receive(chunk: Buffer, isLent = false): void {
    if (this.#mode.kind === 'closed' || this.#mode.kind === 'handshake') return;
    this.#input.push(chunk, isLent);
    if (!this.#busy) this.#run();
    else if (this.#input.size > maxKeptInput && !this.#paused) {
      this.#paused = true;
      this.#wire.pause();
    }
    this.#input.own();
  }

  /** The connection is in TLS now: nothing that was said before counts (RFC 3207 section 4.2). */
  secured(): void {
    this.client.tls = true;
    this.client.helo = '';
    this.client.auth = null;
    this.#firstLine = true;
    this.#mode = commandMode;
    this.#waitingSince = this.options.now();
    this.#busy = true;
    this.#carryOn(settle(() => this.reset(), noop, noop));
  }

  /** `read_timeout` is over. */
  timeOut(): void {
    if (this.#busy || this.#mode.kind === 'closed') return;
    if (this.#mode.kind === 'content') {
      const { reader } = this.#mode;
      this.#busy = true;
      this.#carryOn(this.#breakContent(reader, replies.dataIdle, replies.idle));
    } else this.shutDown(replies.idle);
  }

  /** Ends the session with these words, if it is not at work. */
  shutDown(reply: Reply): void {
    if (this.#busy || this.#mode.kind === 'closed') return;
    this.close(reply);
    this.#flush();
  }

  /** The client will send no more: what it has sent is still answered. */
  inputEnded(): void {
    this.#inputEnded = true;
    if (!this.#busy && this.#mode.kind !== 'closed') this.#run();
  }

  /** The connection is gone. What is at work comes to its end first. */
  disconnected(): void {
    if (this.#peerGone) return;
    this.#peerGone = true;
    this.#mode = { kind: 'closed' };
    this.#input.clear();
    if (!this.#busy) this.#leave();
  }

  reply(reply: Reply, form?: ReplyForm): void {
    this.write(replyLine(reply, form));
  }

  write(raw: string): void {
    this.#trace?.sent(raw);
    this.#output += raw;
  }

  close(reply: Reply): void {
    this.reply(reply);
    this.#clientIsDone = reply === replies.bye && this.#input.size === 0;
    this.#mode = { kind: 'closed' };
    this.#input.clear();
  }

  badCommand(reply: Reply): void {
    this.reply(reply);
    this.#badCommands++;
    if (this.#badCommands > maxBadCommands) this.close(replies.tooManyErrors);
  }

  noteFailedLogin(): void {
    this.#failedLogins++;
    this.options.observer.failedLogin();
    if (this.#failedLogins >= maxFailedLogins) this.close(replies.tooManyLogins);
  }

  readResponse(take: (line: string) => Eventually<void>): void {
    this.#mode = { kind: 'response', take };
  }

  readContent(reader: ContentReader): void {
    this.#mode = { kind: 'content', reader };
    this.#contentSinceProgress = 0;
  }

  startTls(reply: Reply): void {
    this.reply(reply);
    this.#mode = { kind: 'handshake' };
    // What a client (or somebody between) has sent after STARTTLS in the clear is never read.
    this.#input.clear();
  }

  reset(): Eventually<void> {
    this.chunks.reset();
    return this.envelope.reset();
  }

  /** `hasAnswered`: something was answered just now, in a later turn than it was read. */
  #run(hasAnswered = false): void {
    let waitsAnew = hasAnswered;
    for (;;) {
      const step = this.#guardedStep();
      if (step === 'needs input') {
        if (this.#inputEnded) this.#mode = { kind: 'closed' };
        break;
      }
      if (isLater(step)) {
        this.#busy = true;
        this.#carryOn(step);
        break;
      }
      waitsAnew = true;
    }
    if (waitsAnew) this.#waitingSince = this.options.now();
    // What is answered so far need not wait for what is not.
    this.#flush();
  }

  #carryOn(step: Eventually<void>): void {
    if (isLater(step)) tell(step, this.#carrier);
    else this.#goOn();
  }

  readonly #goOn = (): void => {
    this.#busy = false;
    if (this.#peerGone) this.#leave();
    else {
      this.#unpause();
      this.#run(true);
    }
  };

  readonly #goOnAfterFault = (error: unknown): void => {
    this.#fault(error);
    this.#goOn();
  };

  readonly #carrier: Listener<void> = { hear: this.#goOn, hearError: this.#goOnAfterFault };

  #unpause(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#wire.resume();
  }

  #guardedStep(): Eventually<void> | 'needs input' {
    try {
      return this.#step();
    } catch (error) {
      this.#fault(error);
    }
  }

  /** Reads and answers one thing. */
  #step(): Eventually<void> | 'needs input' {
    const mode = this.#mode;
    switch (mode.kind) {
      case 'command':
      case 'response':
        return this.#stepLine(mode);
      case 'content':
        return this.#stepContent(mode.reader);
      case 'handshake':
      case 'closed':
        return 'needs input';
    }
  }

  #stepLine(mode: LineMode): Eventually<void> | 'needs input' {
    const { maxLineLength } = this.options;
    // Counted from the LF before, so the first line of a connection may be one longer (runtime-core 5.2).
    const limit = maxLineLength <= 0 ? longestCommandLine : maxLineLength - (this.#firstLine ? 0 : 1);
    const line = this.#input.readLine(limit);
    if (line === null) return 'needs input';
    if (line === tooLongLine) return this.close(replies.lineTooLong);
    this.#firstLine = false;
    this.#trace?.received(line, mode.kind === 'response');
    return this.#answerLine(mode, line);
  }

  #answerLine(mode: LineMode, line: string): Eventually<void> {
    if (mode.kind === 'response') {
      this.#mode = commandMode;
      return mode.take(line);
    }
    const { handler, argument } = parseCommand(line);
    return handler(this, argument);
  }

  #stepContent(reader: ContentReader): Eventually<void> | 'needs input' {
    // Content is kept as it came.
    this.#input.own();
    const { chunk, at } = this.#input;
    if (chunk === null) return 'needs input';
    const end = reader.read(chunk, at);
    if (end === lineTooLong) return this.#breakContent(reader, replies.dataLineTooLong, replies.lineTooLong);
    const next = end === dataGoesOn ? chunk.length : end;
    this.#trace?.content(chunk, at, next);
    this.#input.advance(next);
    this.#contentSinceProgress += next - at;
    if (end === dataGoesOn) {
      if (this.#contentSinceProgress >= progressStep) {
        this.#contentSinceProgress = 0;
        this.#waitingSince = this.options.now();
      }
      return this.#input.chunk === null ? 'needs input' : undefined;
    }
    this.#mode = commandMode;
    return reader.complete();
  }

  /** Content that does not come to its end: its own reply, then the connection's. */
  #breakContent(reader: ContentReader, refusal: Reply, last: Reply): Eventually<void> {
    this.#input.clear();
    return after(
      settle(() => reader.breakOff(refusal), noop, this.#fault),
      () => {
        if (this.#mode.kind !== 'closed') this.close(last);
      },
    );
  }

  readonly #fault = (error: unknown): void => {
    this.options.log.error('internal error in a session', error);
    this.close(replies.fault);
  };

  #flush(): void {
    const output = this.#output;
    this.#output = '';
    if (this.#peerGone) return;
    if (this.#mode.kind === 'handshake') this.#wire.startTls(output);
    else if (this.#mode.kind === 'closed') this.#wire.end(output, this.#clientIsDone);
    else if (output !== '') this.#wire.send(output);
  }

  #leave(): void {
    settle(
      () => this.reset(),
      noop,
      (error) => this.options.log.error('internal error in a session', error),
    );
    this.backend.closed(this.client);
  }
}

function noop(): void {}
