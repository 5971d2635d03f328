import type { Eventually, Reply } from '../module.ts';
import type { SessionBackend } from './backend.ts';
import type { Envelope } from './envelope.ts';
import type { LiveClient } from './live-client.ts';
import type { SessionOptions } from './options.ts';
import type { ReplyForm } from './reply-line.ts';

/** How the bytes of a message are read; made for each DATA and for each BDAT chunk. */
export interface ContentReader {
  /** Index behind what belongs to the content, `dataGoesOn` or `lineTooLong` (data-scanner.ts). */
  read(chunk: Buffer, at: number): number;
  /** The content is complete: answers it. */
  complete(): Eventually<void>;
  /** It cannot be read to its end, for this reason: answers it; the session closes after it. */
  breakOff(reply: Reply): Eventually<void>;
}

/** What a command may ask of the session that it came from. */
export interface CommandContext {
  readonly options: SessionOptions;
  readonly backend: SessionBackend;
  readonly client: LiveClient;
  readonly envelope: Envelope;
  /** Whether EHLO, HELO or LHLO was accepted. */
  readonly greeted: boolean;
  readonly chunks: ChunkTransfer;
  reply(reply: Reply, form?: ReplyForm): void;
  write(raw: string): void;
  /** Replies and closes. */
  close(reply: Reply): void;
  /** A mangled or unknown command: replies, and closes when there were too many. */
  badCommand(reply: Reply): void;
  /** The next line goes to `take` instead of being a command. */
  readResponse(take: (line: string) => Eventually<void>): void;
  readContent(reader: ContentReader): void;
  /** Replies and leaves all that follows to TLS. */
  startTls(reply: Reply): void;
  /** Closes when there were too many (D32). */
  noteFailedLogin(): void;
  /** Gives up the message in progress. */
  reset(): Eventually<void>;
}

export interface ChunkTransfer {
  /** Between the first BDAT and its end, other commands of the message are out of place. */
  readonly isOpen: boolean;
  bdat(session: CommandContext, argument: string): Eventually<void>;
}

export type CommandHandler = (session: CommandContext, argument: string) => Eventually<void>;
