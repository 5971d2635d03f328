import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import type { ConfigOf } from '../../compiler/catalog/config-of.ts';
import type { smtp } from '../../compiler/catalog/modules/smtp.ts';
import { asciiDomain } from '../../compiler/text/domain.ts';
import type { BufferMode, MemoryBudget } from '../message/body-buffer.ts';
import { monotonicTime } from '../monotonic-time.ts';
import type { Logger } from '../observe/log.ts';
import type { SessionObserver } from '../smtp/observer.ts';
import type { SessionOptions } from '../smtp/options.ts';

type SmtpConfig = ConfigOf<typeof smtp>;

/** What `smtp`, `submission` and `lmtp` have in common; only on `lmtp` may `tls` be missing. */
export type EndpointConfig = Omit<SmtpConfig, 'tls'> & { readonly tls?: SmtpConfig['tls'] | undefined };

export type Protocol = SessionOptions['protocol'];

export interface SessionSurroundings {
  readonly protocol: Protocol;
  readonly hasTls: boolean;
  readonly stateDir: string;
  readonly memory: MemoryBudget;
  readonly log: Logger;
  readonly observer: SessionObserver;
}

const defaultBufferSize = 1024 * 1024;

export function sessionOptions(config: EndpointConfig, surroundings: SessionSurroundings): SessionOptions {
  const { protocol, hasTls, stateDir, memory, log, observer } = surroundings;
  const mechanisms = config.sasl_login ? (['PLAIN', 'LOGIN'] as const) : (['PLAIN'] as const);
  return {
    protocol,
    hostname: asciiDomain(config.hostname) ?? config.hostname,
    tls: hasTls,
    mechanisms: config.auth.length === 0 ? [] : mechanisms,
    // Who has no TLS has not asked for passwords to be kept from AUTH.
    insecureAuth: config.insecure_auth || !hasTls,
    deferSenderReject: config.defer_sender_reject,
    maxMessageSize: config.max_message_size,
    maxHeaderSize: config.max_header_size,
    maxRecipients: config.max_recipients,
    maxReceived: config.max_received,
    maxLineLength: config.smtp_max_line_length,
    maxLoggedRcptErrors: config.max_logged_rcpt_errors,
    bareLineEnds: 'repair',
    ioDebug: config.io_debug,
    buffer: bufferMode(config.buffer, stateDir),
    memory,
    log,
    observer,
    now: monotonicTime,
    date: () => new Date(),
    uuid: randomUUID,
  };
}

function bufferMode({ mode, maxSize, directory }: EndpointConfig['buffer'], stateDir: string): BufferMode {
  const path = resolve(stateDir, directory ?? 'buffer');
  switch (mode) {
    case 'ram':
      return { kind: 'ram' };
    case 'fs':
      return { kind: 'fs', directory: path };
    case 'auto':
      return { kind: 'auto', size: maxSize ?? defaultBufferSize, directory: path };
  }
}
