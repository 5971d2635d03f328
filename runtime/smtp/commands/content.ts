import { after } from '../../../compiler/routing/later.ts';
import type { Eventually, Reply } from '../../module.ts';
import { ReplyError } from '../../module.ts';
import type { ChunkTransfer, CommandContext } from '../command.ts';
import { answerContent, ChunkReader, DataReader, newReceiver } from '../content.ts';
import type { ContentReceiver } from '../content-receiver.ts';
import { parseUint32 } from '../parameters.ts';
import { greetings, replies } from '../replies.ts';

const noCensus = { dots: 0, bareLineEnds: false };

export function data(session: CommandContext, argument: string): Eventually<void> {
  if (argument !== '') return session.reply(replies.dataArguments);
  if (session.chunks.isOpen) return session.reply(replies.duringTransfer('DATA'));
  if (session.envelope.recipients.length === 0) return session.reply(replies.rcptFirst);
  session.write(greetings.dataGo);
  session.readContent(new DataReader(session));
}

/** BDAT of one session: the chunks of a message share a receiver. */
export class Chunks implements ChunkTransfer {
  #receiver: ContentReceiver | null = null;

  get isOpen(): boolean {
    return this.#receiver !== null;
  }

  /** RSET, EHLO or the end of the connection: what has come is dropped. */
  reset(): void {
    this.#receiver?.discard();
    this.#receiver = null;
  }

  bdat(session: CommandContext, argument: string): Eventually<void> {
    const words = argument.split(/[ \t]+/).filter((word) => word !== '');
    const [sizeText, lastText] = words;
    if (sizeText === undefined) return session.reply(replies.chunkSizeMissing);
    if (words.length > 2) return session.reply(replies.chunkArguments);
    const size = parseUint32(sizeText);
    if (session.envelope.recipients.length === 0) return this.#refuseAndSkip(session, size, replies.rcptFirst);
    if (lastText !== undefined && lastText.toUpperCase() !== 'LAST') {
      return session.reply(replies.unknownChunkArgument);
    }
    if (size === null) return session.reply(replies.badChunkSize);
    this.#receiver ??= newReceiver(session, false);
    const receiver = this.#receiver;
    if (!receiver.hasRoomFor(size)) return this.#giveUp(session, replies.messageTooLarge, null, size);
    const broken = (reply: Reply): Eventually<void> => {
      receiver.refuse(new ReplyError(reply));
      return this.#finish(session, receiver);
    };
    const complete = (): Eventually<void> => {
      if (lastText !== undefined) return this.#finish(session, receiver);
      if (receiver.refusal !== null) {
        return this.#giveUp(session, receiver.refusal.reply, session.envelope.messageId, 0);
      }
      session.reply(replies.chunkAccepted);
    };
    // Nothing follows an empty chunk that could tell that it is complete.
    if (size === 0) return complete();
    session.readContent(new ChunkReader(size, receiver, complete, broken));
  }

  #finish(session: CommandContext, receiver: ContentReceiver): Eventually<void> {
    this.#receiver = null;
    return answerContent(session, receiver, noCensus);
  }

  /**
   * RFC 3030 section 2: after a refused chunk the message is over. The announced size alone can refuse it: the client is
   * told so at once, and the `unread` bytes of the chunk are skipped.
   */
  #giveUp(session: CommandContext, reply: Reply, messageId: string | null, unread: number): Eventually<void> {
    const { smtputf8 } = session.envelope;
    this.reset();
    return after(session.envelope.reset(), () => {
      // More chunks may be on their way: they are to be skipped.
      session.envelope.noteMailTried();
      session.reply(reply, { messageId, utf8: smtputf8 });
      skipChunk(session, unread, () => {});
    });
  }

  /**
   * A chunk that nobody waits for. A client that pipelines has already sent its bytes: they must not be read as
   * commands. One that has not even tried MAIL sends no message, and maddy reads on at once.
   */
  #refuseAndSkip(session: CommandContext, size: number | null, reply: Reply): Eventually<void> {
    if (size === null || !session.envelope.mailWasTried) return session.reply(reply);
    skipChunk(session, size, () => session.reply(reply));
  }
}

function skipChunk(session: CommandContext, size: number, whenSkipped: () => void): void {
  // A chunk of no bytes has no end that could be read.
  if (size === 0) whenSkipped();
  else session.readContent(new ChunkReader(size, null, whenSkipped, whenSkipped));
}
