import { type Balance, balanceBraces } from './balance.ts';
import type { Finding } from './finding.ts';
import { type Lexed, lexLeniently } from './lexer.ts';
import { gluedBraces, type Line, readLines } from './lines.ts';
import { type Misplaced, recoveryFindings } from './recovery-findings.ts';
import { isClosed } from './scanners.ts';
import { missing, retype } from './synthetic.ts';
import { CloseBrace, endOf, isQuoted, LineBreak, OpenBrace, Stray, startOf, type Token, Word } from './tokens.ts';

export interface Recovered {
  readonly lexed: Lexed;
  /** The tokens with what is missing put in, so that lenient reading gives what was most likely meant. */
  readonly tokens: readonly Token[];
  readonly findings: readonly Finding[];
}

/**
 * For a text that the reference refuses for its braces or quotes: finds the cause by the shape of the lines
 * (columns, ends of lines), and repairs the tokens there instead of where reading gave up.
 */
export function recover(lexed: Lexed): Recovered {
  const relexed = hasRunawayQuote(lexed) ? lexLeniently(lexed.text) : lexed;
  const lines = readLines(relexed.text, relexed.tokens);
  const balance = balanceBraces(lines);
  const misplaced: Misplaced = { quotes: [], openings: [], followers: [] };
  const tokens = new TokenMender(relexed.tokens, lines, balance, misplaced).mend();
  for (const token of [...relexed.tokens, ...relexed.comments]) if (isOpenQuote(token)) misplaced.quotes.push(token);
  return { lexed: relexed, tokens, findings: recoveryFindings(relexed, lines, balance, misplaced) };
}

/** Quoted texts over several lines are rare enough to look twice when something is wrong. */
export function hasRunawayQuote({ tokens, comments }: Lexed): boolean {
  const isRunaway = (token: Token): boolean => isOpenQuote(token) || (isQuoted(token) && token.image.includes('\n'));
  return tokens.some(isRunaway) || comments.some(isRunaway);
}

const isOpenQuote = (token: Token): boolean => isQuoted(token) && !isClosed(token.image);

class TokenMender {
  readonly #tokens: readonly Token[];
  readonly #misplaced: Misplaced;
  readonly #strays: ReadonlySet<number>;
  readonly #glued: ReadonlySet<number>;
  readonly #tooDeep: ReadonlySet<number>;
  /** Tokens that are put in before the one of that index. */
  readonly #inserted = new Map<number, Token[]>();
  readonly #dropped = new Set<number>();

  constructor(tokens: readonly Token[], lines: readonly Line[], balance: Balance, misplaced: Misplaced) {
    this.#tokens = tokens;
    this.#misplaced = misplaced;
    this.#strays = new Set(balance.strays);
    this.#glued = new Set(balance.glued);
    this.#tooDeep = new Set(balance.tooDeep);
    for (const { line } of balance.unopened) this.#openAfter(lines[line]);
    for (const { endsBefore } of balance.unclosed) this.#closeBefore(lines[endsBefore]?.from ?? tokens.length);
    lines.forEach((line, number) => {
      this.#attachBrace(line, lines[number - 1]);
      this.#breakAroundCloses(line);
    });
  }

  mend(): Token[] {
    const mended: Token[] = [];
    for (let at = 0; at <= this.#tokens.length; at += 1) {
      const inserted = this.#inserted.get(at);
      if (inserted !== undefined) for (const token of inserted) mended.push(token);
      const token = this.#tokens[at];
      if (token === undefined || this.#dropped.has(at)) continue;
      if (this.#tooDeep.has(at))
        mended.push(retype(token, token.tokenTypeIdx === OpenBrace.tokenTypeIdx ? Word : Stray));
      else if (this.#strays.has(at)) mended.push(retype(token, Stray));
      else if (this.#glued.has(at)) mended.push(...unglue(token));
      else mended.push(token);
    }
    return mended;
  }

  #insert(before: number, ...tokens: Token[]): void {
    const known = this.#inserted.get(before);
    if (known === undefined) this.#inserted.set(before, tokens);
    else known.push(...tokens);
  }

  #endBefore(index: number): number {
    const token = this.#tokens[index - 1];
    return token === undefined ? 0 : endOf(token);
  }

  #openAfter(line: Line | undefined): void {
    if (line !== undefined) this.#insert(line.to, missing(OpenBrace, this.#endBefore(line.to)));
  }

  #closeBefore(index: number): void {
    let last = index;
    while (this.#tokens[last - 1]?.tokenTypeIdx === LineBreak.tokenTypeIdx) last -= 1;
    const offset = this.#endBefore(last);
    this.#insert(index, missing(LineBreak, offset), missing(CloseBrace, offset), missing(LineBreak, offset));
  }

  /** A `{` on a line of its own belongs to the directive above it. */
  #attachBrace(line: Line, above: Line | undefined): void {
    const brace = this.#tokens[line.from];
    if (brace === undefined || brace.tokenTypeIdx !== OpenBrace.tokenTypeIdx) return;
    if (above === undefined || above.braces.length > 0) return;
    if (this.#inserted.has(line.from) || this.#inserted.has(above.to)) return;
    for (let at = above.to; at < line.from; at += 1) this.#dropped.add(at);
    const last = this.#tokens[above.to - 1];
    if (last !== undefined) this.#misplaced.openings.push({ brace, after: last });
  }

  /** Each `}` gets a line of its own, and so does what follows it. */
  #breakAroundCloses({ from, to, braces }: Line): void {
    for (const { kind, at, isGlued } of braces) {
      const token = this.#tokens[at];
      if (kind !== 'close' || token === undefined || (isGlued && !this.#glued.has(at))) continue;
      if (at > from && !isGlued) this.#insert(at, missing(LineBreak, startOf(token)));
      const next = this.#tokens[at + 1];
      if (at + 1 >= to || next === undefined) continue;
      this.#misplaced.followers.push({ brace: token, next });
      this.#insert(at + 1, missing(LineBreak, startOf(next)));
    }
  }
}

/** `word{` as a word and a brace, `yes}` and `};` likewise. Each `}` stands on a line of its own. */
function unglue(token: Token): Token[] {
  const glued = gluedBraces(token, true);
  if (glued === null) return [token];
  const { kind, prefix, count, suffix } = glued;
  const start = startOf(token);
  const type = kind === 'open' ? OpenBrace : CloseBrace;
  const tokens = prefix === '' ? [] : [{ ...missing(Word, start), image: prefix }];
  for (let index = 0; index < count; index += 1) {
    const at = start + prefix.length + index;
    if (kind === 'close' && (prefix !== '' || index > 0)) tokens.push(missing(LineBreak, at));
    tokens.push({ ...missing(type, at), image: token.image.charAt(prefix.length + index) });
  }
  return suffix === '' ? tokens : [...tokens, missing(LineBreak, endOf(token))];
}
