import { Later, type Pending } from '../../compiler/routing/later.ts';
import { hasControls, needsUtf8, unsendable } from '../../compiler/routing/wire-address.ts';
import { asciiAddress } from '../../compiler/text/address.ts';
import { isAscii, isPrintable } from '../../compiler/text/ascii.ts';
import { wireForm } from '../message/line-forms.ts';
import type { Message, MessageContext } from '../module.ts';
import { ReplyError } from '../module.ts';
import { type ReadyExchange, TlsFailure } from './exchange.ts';
import { isPositive, MalformedReply, refusalOf, type ServerReply } from './reply-parser.ts';
import { ConnectionLost } from './reply-queue.ts';

/** One message over a connection that is ready: MAIL and the first RCPT, more RCPT, content. Fails with ReplyError. */
export class ClientTransaction {
  readonly #ready: ReadyExchange;
  readonly #context: MessageContext;
  readonly #from: string;
  /** Recipients that the server has accepted, in order. */
  readonly #accepted: string[] = [];
  /** MAIL has said SMTPUTF8. */
  #speaksUtf8 = false;
  #mailSent = false;
  #mailAccepted = false;
  #over = false;

  constructor(ready: ReadyExchange, context: MessageContext, from: string) {
    this.#ready = ready;
    this.#context = context;
    this.#from = from;
  }

  get accepted(): readonly string[] {
    return this.#accepted;
  }

  /** Whether more recipients can be added. */
  get mailAccepted(): boolean {
    return this.#mailAccepted;
  }

  /** Whether the server holds a part of a message that only RSET ends. */
  get needsReset(): boolean {
    return this.#mailSent && !this.#over;
  }

  /** `pipelined`: MAIL and RCPT in one write, where the server offers it. */
  open(to: string, pipelined: boolean): Pending<void> {
    const { smtputf8 } = this.#context;
    // Tables may rewrite to an address that only SMTPUTF8 can carry, though the client did not ask for it (D12).
    const isNeeded = smtputf8 || needsUtf8(this.#from) || needsUtf8(to);
    this.#speaksUtf8 = isNeeded && this.#ready.extensions.smtputf8;
    const mail = this.#mailCommand();
    const rcpt = this.#rcptCommand(to);
    this.#mailSent = true;
    const inOneWrite = pipelined && this.#ready.extensions.pipelining;
    return inOneWrite ? this.#openBoth(mail, rcpt, to) : this.#openInTurn(mail, rcpt, to);
  }

  async #openInTurn(mail: string, rcpt: string, to: string): Promise<void> {
    const { exchange } = this.#ready;
    const reply = await exchange.ask(mail);
    if (!isPositive(reply)) throw refusalOf(reply, exchange.server);
    this.#mailAccepted = true;
    await this.#offer(rcpt, to);
  }

  #openBoth(mail: string, rcpt: string, to: string): Later<void> {
    const { exchange } = this.#ready;
    const opened = new Later<void>();
    const lost = (error: Error): void => opened.hearError(error);
    const mailAnswered = (reply: ServerReply): void => {
      if (isPositive(reply)) this.#mailAccepted = true;
      else opened.hearError(refusalOf(reply, exchange.server));
    };
    const rcptAnswered = (reply: ServerReply): void => {
      // It comes in any case; after a refused MAIL nobody looks at it.
      if (this.#mailAccepted) this.#noteRcpt(reply, to, opened);
    };
    exchange.sendBoth(mail, rcpt, [
      { answered: mailAnswered, lost },
      { answered: rcptAnswered, lost },
    ]);
    return opened;
  }

  add(to: string): Later<void> {
    return this.#offer(this.#rcptCommand(to), to);
  }

  #offer(rcpt: string, to: string): Later<void> {
    const { exchange } = this.#ready;
    const offered = new Later<void>();
    exchange.send(rcpt, {
      answered: (reply) => this.#noteRcpt(reply, to, offered),
      lost: (error) => offered.hearError(error),
    });
    return offered;
  }

  #noteRcpt(reply: ServerReply, to: string, offered: Later<void>): void {
    if (isPositive(reply)) {
      this.#accepted.push(to);
      offered.hear();
    } else offered.hearError(refusalOf(reply, this.#ready.exchange.server));
  }

  /** Sends the content. One result per accepted recipient on LMTP, else one for all. */
  content(message: Message, perRecipient: boolean): Later<readonly (ReplyError | null)[]> {
    const { exchange } = this.#ready;
    const results = new Later<readonly (ReplyError | null)[]>();
    const answered = (go: ServerReply): void => {
      if (go.code !== 354) {
        results.hearError(refusalOf(go, exchange.server));
        return;
      }
      try {
        this.#sendContent(message, perRecipient ? this.#accepted.length : 1, results);
      } catch (error) {
        results.hearError(error);
      }
    };
    exchange.send('DATA', { answered, lost: (error) => results.hearError(error) });
    return results;
  }

  #sendContent(message: Message, replies: number, whenAll: Later<readonly (ReplyError | null)[]>): void {
    const { exchange } = this.#ready;
    const results: (ReplyError | null)[] = [];
    const settleOne = (result: ReplyError | null): void => {
      results.push(result);
      if (results.length < replies) return;
      this.#over = true;
      whenAll.hear(results);
    };
    const header = message.header.wirePieces();
    const content = { chunks: wireForm(message.body), size: message.body.size };
    exchange.sendContent(header, content, replies, {
      answered: (reply) => settleOne(isPositive(reply) ? null : refusalOf(reply, exchange.server)),
      lost: (error) => settleOne(this.#unknownFate(error)),
    });
  }

  /** Parameters in this order (runtime-core 14). */
  #mailCommand(): string {
    const { exchange, extensions, relaxesRequireTls = false } = this.#ready;
    const { declaredSize, requireTls } = this.#context;
    const from = this.#wireAddress(this.#from);
    if (from === null) throw new ReplyError(unsendable.senderNeedsUtf8);
    // A unix socket has no wire to protect (RFC 8689 speaks of SMTP hops).
    const keepsRequireTls = exchange.local || (exchange.secured && extensions.requireTls);
    if (requireTls && !keepsRequireTls && !relaxesRequireTls) {
      const text = 'REQUIRETLS is not supported by the next server';
      throw new ReplyError({ code: 550, enhanced: '5.7.30', text }, { remote_server: exchange.server });
    }
    let command = `MAIL FROM:<${from}>`;
    if (extensions.eightBitMime) command += ' BODY=8BITMIME';
    if (declaredSize !== null && extensions.size) command += ` SIZE=${declaredSize}`;
    if (requireTls && extensions.requireTls) command += ' REQUIRETLS';
    if (this.#speaksUtf8) command += ' SMTPUTF8';
    return command;
  }

  #rcptCommand(to: string): string {
    const address = this.#wireAddress(to);
    if (address === null) throw new ReplyError(unsendable.recipientNeedsUtf8);
    return `RCPT TO:<${address}>`;
  }

  #wireAddress(address: string): string | null {
    if (isPrintable(address)) return address;
    // Rewritten addresses come from tables: a line end in one of them would be a command.
    if (hasControls(address)) throw new ReplyError(unsendable.controls);
    return this.#speaksUtf8 || isAscii(address) ? address : asciiAddress(address);
  }

  /** The content has gone out, but no answer has come: the message may have arrived, or not. */
  #unknownFate(error: unknown): ReplyError {
    const text = 'The next server has closed the connection before it took the message';
    return failure(451, '4.4.2', text, error, this.#ready.exchange.server);
  }
}

/** What our own client is told when a connection cannot be made or is lost (D1). */
export function connectionFailure(error: unknown, server: string): ReplyError {
  if (error instanceof ReplyError) return error;
  if (error instanceof TlsFailure) {
    return failure(451, '4.7.5', `No TLS connection to the next server: ${error.message}`, error, server);
  }
  if (error instanceof MalformedReply) {
    return failure(451, '4.5.0', `The next server does not speak SMTP: ${error.message}`, error, server);
  }
  if (error instanceof ConnectionLost) return failure(450, '4.4.2', 'Network I/O error', error, server);
  throw error;
}

function failure(code: number, enhanced: string, text: string, cause: unknown, server: string): ReplyError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ReplyError({ code, enhanced, text }, { reason, remote_server: server }, { cause });
}
