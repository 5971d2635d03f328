import type { ServerReply } from './reply-parser.ts';

/** What a server offers, of what this client knows. Asked for with every message: a field, not a search by name. */
export interface Extensions {
  readonly pipelining: boolean;
  readonly eightBitMime: boolean;
  readonly size: boolean;
  readonly startTls: boolean;
  readonly requireTls: boolean;
  readonly smtputf8: boolean;
}

/** The lines of an EHLO or LHLO reply behind the first. */
export function parseExtensions(reply: ServerReply): Extensions {
  // Parameters of a keyword, if it has any; `AUTH=PLAIN` is how servers of the last century write them.
  return extensionsOf(
    new Set(reply.lines.slice(1).map((line) => line.trim().split(/[ =]/, 1)[0]?.toUpperCase() ?? '')),
  );
}

/** Of a server of RFC 821. */
export const noExtensions = extensionsOf(new Set());

function extensionsOf(keywords: ReadonlySet<string>): Extensions {
  return {
    pipelining: keywords.has('PIPELINING'),
    eightBitMime: keywords.has('8BITMIME'),
    size: keywords.has('SIZE'),
    startTls: keywords.has('STARTTLS'),
    requireTls: keywords.has('REQUIRETLS'),
    smtputf8: keywords.has('SMTPUTF8'),
  };
}
