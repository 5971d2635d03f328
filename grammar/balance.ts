import type { Line, LineBrace } from './lines.ts';
import { NESTING_LIMIT } from './structure.ts';

/** What to change so that every brace has its partner. Numbers are indexes of tokens, unless said otherwise. */
export interface Balance {
  /** Blocks that are never closed: their brace, and the line (its number in the list) before which they end by indentation. */
  readonly unclosed: readonly { readonly open: number; readonly endsBefore: number }[];
  /** Directives (their lines) that need a `{` at their end, since a `}` in their column follows deeper lines. */
  readonly unopened: readonly { readonly line: number; readonly close: number }[];
  /** Closing braces without a partner. */
  readonly strays: readonly number[];
  /** Words whose brace has to be read as one. */
  readonly glued: readonly number[];
  /** Braces of blocks beyond the nesting limit, with those that close them: they are read as if they were no braces. */
  readonly tooDeep: readonly number[];
}

/** What is taken as a sign of where blocks end. */
interface Signs {
  /** A `}` closes the block that was opened in its column, and ends those inside. */
  readonly columns: boolean;
  /** A line that stands no deeper than an open block's directive ends that block. */
  readonly dedents: boolean;
  /** A `}` deeper than the open block's directive is one too many. */
  readonly deepIsStray: boolean;
  readonly glued: boolean;
}

const signs: readonly Signs[] = [true, false].flatMap((glued) => [
  { columns: true, dedents: true, deepIsStray: true, glued },
  { columns: true, dedents: true, deepIsStray: false, glued },
  { columns: true, dedents: false, deepIsStray: true, glued },
  { columns: true, dedents: false, deepIsStray: false, glued },
  { columns: false, dedents: false, deepIsStray: false, glued },
]);

/** The reading of indentation that needs the fewest changes; of equal ones the one that trusts it most. */
export function balanceBraces(lines: readonly Line[]): Balance {
  const hasGlued = lines.some(({ braces }) => braces.some(({ isGlued }) => isGlued));
  const fewest = hasGlued ? 0 : leastChanges(lines);
  let best: Balance = { unclosed: [], unopened: [], strays: [], glued: [], tooDeep: [] };
  let lowest = Number.POSITIVE_INFINITY;
  for (const sign of signs) {
    if (lowest <= fewest || (sign.glued && !hasGlued)) continue;
    const balance = new Balancer(lines, sign).run();
    const changes = changesOf(balance);
    if (changes < lowest) {
      lowest = changes;
      best = balance;
    }
  }
  return best;
}

/** Each brace too many on one side needs a change, whatever the columns say. */
function leastChanges(lines: readonly Line[]): number {
  let open = 0;
  for (const { braces } of lines) for (const { kind } of braces) open += kind === 'open' ? 1 : -1;
  return Math.abs(open);
}

/** A brace stuck to the end of a line's last word is a slip of its own, so reading it as one needs little to be believed. */
const GLUED_WEIGHT = 0.25;

const changesOf = ({ unclosed, unopened, strays, glued }: Balance): number =>
  unclosed.length + unopened.length + strays.length + glued.length * GLUED_WEIGHT;

interface OpenBlock {
  readonly at: number;
  readonly indent: number;
  readonly line: number;
}

/** How far up the open blocks a partner is looked for; without a bound, a file of braces costs the square of its length. */
const FARTHEST_PARTNER = 256;

class Balancer {
  readonly #lines: readonly Line[];
  readonly #signs: Signs;
  readonly #open: OpenBlock[] = [];
  /** Lines that may still turn out to lack a `{`: each deeper than the one before. */
  readonly #outline: { readonly line: number; readonly indent: number }[] = [];
  readonly #unclosed: { open: number; endsBefore: number }[] = [];
  readonly #unopened: { line: number; close: number }[] = [];
  readonly #strays: number[] = [];
  readonly #glued: number[] = [];
  readonly #tooDeep: number[] = [];

  constructor(lines: readonly Line[], sign: Signs) {
    this.#lines = lines;
    this.#signs = sign;
  }

  run(): Balance {
    this.#lines.forEach((line, number) => {
      const [first] = line.braces;
      const startsWithClose = first?.kind === 'close' && first.isLeading && this.#counts(first);
      if (this.#signs.dedents && !startsWithClose) this.#closeUpTo(line.indent, number);
      for (const brace of line.braces) if (this.#counts(brace)) this.#take(brace, line, number);
      this.#outlineUpTo(line.indent);
      if (!startsWithClose) this.#outline.push({ line: number, indent: line.indent });
    });
    while (this.#open.length > 0) this.#leaveUnclosed(this.#lines.length);
    return {
      unclosed: this.#unclosed,
      unopened: this.#unopened,
      strays: this.#strays,
      glued: this.#glued,
      tooDeep: this.#tooDeep,
    };
  }

  #counts(brace: LineBrace): boolean {
    return !brace.isGlued || this.#signs.glued;
  }

  #take(brace: LineBrace, line: Line, number: number): void {
    if (brace.isGlued) this.#glued.push(brace.at);
    if (brace.kind === 'close') this.#close(brace, line.indent, number);
    else {
      this.#open.push({ at: brace.at, indent: line.indent, line: number });
      if (this.#open.length > NESTING_LIMIT) this.#tooDeep.push(brace.at);
    }
  }

  /** False when nothing is open. */
  #popFor(brace: LineBrace): boolean {
    if (this.#open.length > NESTING_LIMIT) this.#tooDeep.push(brace.at);
    return this.#open.pop() !== undefined;
  }

  /** Ends the blocks whose directive stands at this column or deeper, opened on lines above. */
  #closeUpTo(indent: number, before: number): void {
    for (let top = this.#open.at(-1); top !== undefined; top = this.#open.at(-1)) {
      if (top.indent < indent || top.line === before) break;
      this.#leaveUnclosed(before);
    }
  }

  #leaveUnclosed(before: number): void {
    const isTooDeep = this.#open.length > NESTING_LIMIT;
    const block = this.#open.pop();
    if (block !== undefined && !isTooDeep) this.#unclosed.push({ open: block.at, endsBefore: before });
  }

  #close(brace: LineBrace, indent: number, number: number): void {
    const top = this.#open.at(-1);
    if (this.#signs.columns && brace.isLeading) {
      if (top === undefined || top.indent !== indent) {
        const partner = this.#openAt(indent);
        if (partner) while (this.#open.at(-1)?.indent !== indent) this.#leaveUnclosed(number);
        else if (top === undefined || top.indent < indent) {
          if (this.#foundHeader(brace, indent, number)) return;
          if (top === undefined || this.#signs.deepIsStray) {
            this.#strays.push(brace.at);
            return;
          }
        }
      }
      this.#popFor(brace);
    } else if (!this.#popFor(brace)) this.#strays.push(brace.at);
  }

  #openAt(indent: number): boolean {
    const lowest = Math.max(0, this.#open.length - FARTHEST_PARTNER);
    for (let index = this.#open.length - 1; index >= lowest; index -= 1) {
      const open = this.#open[index];
      if (open === undefined || open.indent < indent) return false;
      if (open.indent === indent) return true;
    }
    return false;
  }

  #outlineUpTo(indent: number): void {
    for (let last = this.#outline.at(-1); last !== undefined && last.indent >= indent; last = this.#outline.at(-1)) {
      this.#outline.pop();
    }
  }

  /** The line in this column that is followed by nothing but deeper ones up to here, and opens no block itself. */
  #foundHeader(brace: LineBrace, indent: number, number: number): boolean {
    for (let last = this.#outline.at(-1); last !== undefined && last.indent > indent; last = this.#outline.at(-1)) {
      this.#outline.pop();
    }
    const header = this.#outline.at(-1);
    if (header === undefined || header.indent !== indent || header.line + 1 >= number) return false;
    if ((this.#lines[header.line]?.braces.length ?? 0) > 0) return false;
    this.#unopened.push({ line: header.line, close: brace.at });
    return true;
  }
}
