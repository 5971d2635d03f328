import type { Passage, Span } from '../source/span.ts';
import type { Argument } from './directive.ts';

/** What was met of macros, in the order of reading. */
export type MacroEvent =
  | { readonly kind: 'declared'; readonly name: string; readonly at: Span }
  | {
      readonly kind: 'used';
      readonly name: string;
      readonly argument: Argument;
      readonly isWhole: boolean;
      readonly isDefined: boolean;
    };

/** A directive or a declaration of the top level while it is read, for somebody who keeps what was read. */
export class ReadItem {
  /** From the start of its line; of the first one, from the start of what is read. */
  readonly passage: Passage;
  readonly macros: MacroEvent[] = [];
  /** Behind its last token, in the passage. */
  end = 0;
  /** It may be judged by what stands elsewhere in the text, as a macro that is declared without its parentheses. */
  looksAround = false;

  constructor(passage: Passage) {
    this.passage = passage;
  }
}
