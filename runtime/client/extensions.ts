import type { ServerReply } from './reply-parser.ts';

/** What a server offers, by upper-case keyword, with its parameters. */
export type Extensions = ReadonlyMap<string, readonly string[]>;

/** The lines of an EHLO or LHLO reply behind the first. */
export function parseExtensions(reply: ServerReply): Extensions {
  const extensions = new Map<string, readonly string[]>();
  for (const line of reply.lines.slice(1)) {
    // `AUTH=PLAIN` is how servers of the last century write it.
    const [keyword = '', ...parameters] = line.trim().split(/[ =]+/);
    if (keyword !== '') extensions.set(keyword.toUpperCase(), parameters);
  }
  return extensions;
}
