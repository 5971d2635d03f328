/** What rspamd says of a message. */
export interface RspamdReport {
  readonly score: number;
  readonly action: string;
  /** Names of the rules that matched, for the log. */
  readonly symbols: readonly string[];
}

/** What came of asking. `unreachable`: no answer; `refused`: an answer that is none; `unreadable`: one that makes no sense. */
export type RspamdAnswer =
  | { readonly kind: 'report'; readonly report: RspamdReport }
  | { readonly kind: 'unreachable' | 'refused' | 'unreadable'; readonly reason: string };

const mostSymbols = 64;

/** The JSON of an answer to /checkv2. What is absent is 0 or empty, as maddy takes it; what has another type makes no sense. */
export function readReport(text: string): RspamdAnswer {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'unreadable', reason: 'the answer is no JSON' };
  }
  if (!isObject(value)) return { kind: 'unreadable', reason: 'the answer is no JSON object' };
  const { score = 0, action = '', symbols = {} } = value;
  if (typeof score !== 'number') return { kind: 'unreadable', reason: 'score is no number' };
  if (typeof action !== 'string') return { kind: 'unreadable', reason: 'action is no string' };
  if (!isObject(symbols)) return { kind: 'unreadable', reason: 'symbols is no object' };
  return { kind: 'report', report: { score, action, symbols: Object.keys(symbols).slice(0, mostSymbols) } };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
