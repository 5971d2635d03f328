import { after } from '../../compiler/routing/later.ts';
import { settle } from '../eventually.ts';
import { prepareSubmissionHeader } from '../message/submission-header.ts';
import type { Eventually, MessageHeader, Reply } from '../module.ts';
import { ReplyError } from '../module.ts';
import { asReplyError, internalError } from '../reply-error.ts';
import type { Transaction } from './backend.ts';
import type { CommandContext, ContentReader } from './command.ts';
import { ContentReceiver, type DataCensus } from './content-receiver.ts';
import { DataScanner, dataGoesOn } from './data-scanner.ts';
import { orUnlimited } from './options.ts';
import { replies } from './replies.ts';

export function newReceiver(session: CommandContext, stuffed: boolean): ContentReceiver {
  const { buffer, memory, maxHeaderSize, maxMessageSize } = session.options;
  const limits = { maxMessageSize: orUnlimited(maxMessageSize), maxHeaderSize: orUnlimited(maxHeaderSize) };
  return new ContentReceiver(limits, buffer, memory, stuffed);
}

/** What follows DATA. */
export class DataReader implements ContentReader {
  readonly #session: CommandContext;
  readonly #scanner: DataScanner;
  readonly #receiver: ContentReceiver;
  readonly #take = (piece: Buffer, text: string): void => this.#receiver.write(piece, this.#scanner.dots, text);

  constructor(session: CommandContext) {
    this.#session = session;
    this.#scanner = new DataScanner(orUnlimited(session.options.maxLineLength));
    this.#receiver = newReceiver(session, true);
  }

  read(chunk: Buffer, at: number): number {
    return this.#scanner.scan(chunk, at, this.#take);
  }

  complete(): Eventually<void> {
    return answerContent(this.#session, this.#receiver, this.#scanner);
  }

  breakOff(reply: Reply): Eventually<void> {
    this.#receiver.refuse(new ReplyError(reply));
    return this.complete();
  }
}

/** One chunk of BDAT (RFC 3030). Without a receiver it is only counted off. */
export class ChunkReader implements ContentReader {
  #left: number;
  readonly #receiver: ContentReceiver | null;
  readonly #whenComplete: () => Eventually<void>;
  readonly #whenBroken: (reply: Reply) => Eventually<void>;

  constructor(
    size: number,
    receiver: ContentReceiver | null,
    whenComplete: () => Eventually<void>,
    whenBroken: (reply: Reply) => Eventually<void>,
  ) {
    this.#left = size;
    this.#receiver = receiver;
    this.#whenComplete = whenComplete;
    this.#whenBroken = whenBroken;
  }

  read(chunk: Buffer, at: number): number {
    const end = Math.min(chunk.length, at + this.#left);
    this.#receiver?.write(chunk.subarray(at, end), 0, null);
    this.#left -= end - at;
    return this.#left === 0 ? end : dataGoesOn;
  }

  complete(): Eventually<void> {
    return this.#whenComplete();
  }

  breakOff(reply: Reply): Eventually<void> {
    return this.#whenBroken(reply);
  }
}

/** Everything has arrived: checks it, hands it to the backend, and answers once (SMTP) or per recipient (LMTP). */
export function answerContent(
  session: CommandContext,
  receiver: ContentReceiver,
  census: DataCensus,
): Eventually<void> {
  const { envelope } = session;
  const transaction = envelope.takeTransaction();
  const recipients = envelope.recipients;
  const form = { utf8: envelope.smtputf8, lmtp: session.options.protocol === 'lmtp' };
  const answer = (results: readonly (ReplyError | null)[]): Eventually<void> => {
    receiver.discard();
    logOutcome(session, transaction, results);
    for (let index = 0; index < (form.lmtp ? recipients.length : 1); index++) {
      // What the backend does not speak of has not been accepted.
      const result = index < results.length ? (results[index] ?? null) : new ReplyError(internalError);
      writeResult(session, transaction, form.lmtp ? (recipients[index] ?? '') : null, result, form.utf8);
    }
    return envelope.reset();
  };
  const forAll = (error: unknown): readonly ReplyError[] => {
    const failure = asReplyError(error);
    return recipients.map(() => failure);
  };
  let handOver: () => Eventually<readonly (ReplyError | null)[]>;
  try {
    const { header, body } = checkContent(session, receiver, census);
    handOver = () => transaction.data(header, body);
  } catch (error) {
    return after(transaction.abort(), () => answer(forAll(error)));
  }
  return settle(handOver, answer, (error) => answer(forAll(error)));
}

/** Order of the checks: runtime-core 6.4. Throws ReplyError. */
function checkContent(session: CommandContext, receiver: ContentReceiver, census: DataCensus) {
  const { options } = session;
  const content = receiver.finish(census);
  if (content instanceof ReplyError) throw content;
  if (options.protocol === 'submission') prepareHeader(session, content.header);
  if (options.bareLineEnds === 'refuse' && receiver.hasBareLineEnds(census)) {
    throw new ReplyError(replies.bareLineEnds);
  }
  const hops = content.header.count('Received');
  if (hops > options.maxReceived) throw new ReplyError(replies.tooManyHops(hops));
  return content;
}

function prepareHeader(session: CommandContext, header: MessageHeader): void {
  const { hostname, date, uuid, log } = session.options;
  const added = (what: string): void => log.message(`adding missing ${what}`);
  prepareSubmissionHeader(header, { hostname, uuid, now: date, added });
}

function logOutcome(session: CommandContext, transaction: Transaction, results: readonly (ReplyError | null)[]): void {
  const { log, observer, protocol } = session.options;
  const message = { msg_id: transaction.id };
  const { recipients } = session.envelope;
  // One refusal of the whole content is one line; LMTP recipients that failed differently have one each.
  const failures = results.some((result) => result !== null)
    ? [...new Set(results.filter((result) => result !== null))]
    : [];
  for (const failure of failures) {
    const rcpt = recipients[results.indexOf(failure)];
    const named = protocol === 'lmtp' && failures.length > 1 ? { ...message, rcpt } : message;
    log.error('DATA error', failure, named);
    observer.refused('DATA', failure.reply);
  }
  const isAccepted = results.includes(null);
  if (isAccepted) observer.completed();
  else observer.aborted();
  log.message(isAccepted ? 'accepted' : 'aborted', message);
}

function writeResult(
  session: CommandContext,
  transaction: Transaction,
  recipient: string | null,
  failure: ReplyError | null,
  utf8: boolean,
): void {
  const prefix = recipient === null ? '' : `<${recipient}> `;
  const reply = failure?.reply ?? replies.queued;
  const messageId = failure === null ? null : failure.messageId === undefined ? transaction.id : failure.messageId;
  session.reply({ ...reply, text: prefix + reply.text }, { messageId, utf8 });
}
