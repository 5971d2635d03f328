import type { Code } from './code.ts';
import type { Range } from './range.ts';

export interface Edit {
  readonly range: Range;
  readonly text: string;
}

export interface SyntaxFix {
  readonly title: string;
  /** The meaning after the fix is certainly the one meant. */
  readonly safe: boolean;
  readonly edits: readonly Edit[];
}

export interface RelatedRange {
  readonly range: Range;
  readonly message: string;
}

/** A finding about one text. The compiler adds the file to make a diagnostic of it. */
export interface Finding {
  readonly code: Code;
  /** One sentence, lower case, no full stop: what is wrong. */
  readonly message: string;
  readonly range: Range;
  /** Short words under the marked place. */
  readonly label: string | null;
  /** What it means for mail and what to do, a sentence each. */
  readonly details: readonly string[];
  readonly related: readonly RelatedRange[];
  readonly fixes: readonly SyntaxFix[];
}

/** Enough of one kind: a text with more is no configuration, and a longer list no help. */
export const MOST_OF_A_KIND = 200;

export type FindingParts = Partial<Omit<Finding, 'code' | 'message' | 'range'>>;

export function found(code: Code, message: string, range: Range, parts: FindingParts = {}): Finding {
  return { code, message, range, label: null, details: [], related: [], fixes: [], ...parts };
}

/** Collects findings, of each code only the first ones. */
export class FindingList {
  readonly findings: Finding[] = [];
  readonly #counts = new Map<string, number>();

  add(code: Code, message: string, range: Range, parts: FindingParts = {}): void {
    const count = this.#counts.get(code.code) ?? 0;
    this.#counts.set(code.code, count + 1);
    if (count < MOST_OF_A_KIND) this.findings.push(found(code, message, range, parts));
  }
}
