import type { PlayedOutcome, TranscriptLine } from '../../views/view-messages.ts';
import { isGood, type RecipientReply, type Reply } from './test-client.ts';

const speakers = new Map<string, TranscriptLine['by']>([
  ['C: ', 'client'],
  ['S: ', 'server'],
  ['# ', 'reason'],
]);

/** What an assumption says to users of the command line; the form asks for it. */
const wayOut = / \(--check \S+ to see the other way\)$/;

/** A line as `maddyc session` writes it into a pipe; null for others. */
export function readLine(line: string): TranscriptLine | null {
  for (const [mark, by] of speakers) {
    if (line.startsWith(mark)) return { by, text: line.slice(mark.length).replace(wayOut, '') };
    if (line === mark.trimEnd()) return { by, text: '' };
  }
  return null;
}

/** Puts replies together (RFC 5321 section 4.2.1). */
export class ReplyReader {
  #lines: string[] = [];

  /** The reply that ends with this line; null when it goes on, or is none. */
  read(text: string): Reply | null {
    const [, code, mark, rest = ''] = /^(\d{3})(?:([ -])(.*))?$/.exec(text) ?? [];
    if (code === undefined) return null;
    this.#lines.push(rest);
    if (mark === '-') return null;
    const lines = this.#lines;
    this.#lines = [];
    return { code: Number(code), lines };
  }
}

/** What became of a recipient, in words; `reasons` were said before the reply to its RCPT. */
export function outcomeOf({ to, stage, reply }: RecipientReply, reasons: readonly string[]): PlayedOutcome {
  const { code, lines } = reply;
  if (isGood(reply)) {
    return {
      to,
      code,
      kind: 'accepted',
      words: reasons.filter(isConclusion).map((line) => line.replace('delivered to', 'to')),
    };
  }
  const kind = code >= 400 && code < 500 ? 'deferred' : 'refused';
  return { to, code, kind, words: [`${lines.join(' ')} (the answer to ${stage})`] };
}

/** Not a step, which ends in a place, and not what was assumed. */
function isConclusion(line: string): boolean {
  return !/\s\S*:\d+$/.test(line) && !line.startsWith('assumed: ') && line.trim() !== '';
}
