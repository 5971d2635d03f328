import type { BufferMode, MemoryBudget } from '../message/body-buffer.ts';
import type { Logger } from '../observe/log.ts';
import type { MechanismName } from '../sasl/exchange.ts';
import type { SessionObserver } from './observer.ts';

/** What the sessions of one endpoint have in common. Limits: 0 or less means none, unless said. */
export interface SessionOptions {
  readonly protocol: 'smtp' | 'submission' | 'lmtp';
  /** In A-labels. */
  readonly hostname: string;
  /** Whether STARTTLS can be had. */
  readonly tls: boolean;
  /** Empty: no `auth` was configured. */
  readonly mechanisms: readonly MechanismName[];
  /** AUTH also on connections without TLS. */
  readonly insecureAuth: boolean;
  readonly deferSenderReject: boolean;
  readonly maxMessageSize: number;
  readonly maxHeaderSize: number;
  readonly maxRecipients: number;
  /** At 0 a message must not have passed any server. */
  readonly maxReceived: number;
  readonly maxLineLength: number;
  /** Per session. */
  readonly maxLoggedRcptErrors: number;
  /** D23: `refuse` answers content with bare CR or LF with 554. */
  readonly bareLineEnds: 'repair' | 'refuse';
  readonly ioDebug: boolean;
  readonly buffer: BufferMode;
  readonly memory: MemoryBudget;
  /** Named as the endpoint's lines are. */
  readonly log: Logger;
  readonly observer: SessionObserver;
  /** Milliseconds of a clock that nobody sets: how long a client takes. */
  readonly now: () => number;
  /** The time of day, for header fields. */
  readonly date: () => Date;
  /** Version 4. */
  readonly uuid: () => string;
}

/** Bytes of a command line that are kept when `smtp_max_line_length` is off. */
export const longestCommandLine = 1_048_576;
/** D32. */
export const maxFailedLogins = 20;
/** Fourth mangled or unknown command ends the session (runtime-core 5.2). */
export const maxBadCommands = 3;
/** Input kept while an answer is awaited; over it the socket is paused. */
export const maxKeptInput = 65_536;
/** Content that must arrive within one `read_timeout`: who sends slower holds a session for nothing. */
export const progressStep = 65_536;

export function orUnlimited(limit: number): number {
  return limit <= 0 ? Number.POSITIVE_INFINITY : limit;
}
