import type { Range } from '../../grammar/range.ts';
import type { SourceFile } from '../source/source-file.ts';

export type Severity = 'error' | 'warning' | 'info' | 'hint';

/**
 * A finding's public identity. It is declared by the stage or rule that gives it, once;
 * the list of all codes, `explain` and the docs pages are made from these declarations.
 */
export interface Code {
  /** `M` and four digits; the first digit is the subject (1 text … 9 versions). Never reused. */
  readonly code: string;
  /** Kebab-case name, usable wherever the code is. */
  readonly name: string;
  readonly severity: Severity;
  /** One line for lists. */
  readonly summary: string;
  /** Markdown: what it is, what it means for mail, what to do. */
  readonly docs: string;
  /** Configuration text that gives this finding; run as a test. */
  readonly invalid: string;
  /** The same, put right; gives no finding of this code. */
  readonly valid: string;
}

export interface Place {
  readonly file: SourceFile;
  readonly range: Range;
}

export interface Related extends Place {
  readonly message: string;
}

export interface TextEdit extends Place {
  readonly text: string;
}

export interface Fix {
  readonly title: string;
  /** Safe: the meaning after the fix is certainly the one meant, so `check --fix` may apply it unasked. */
  readonly safe: boolean;
  readonly edits: readonly TextEdit[];
}

export interface Diagnostic {
  readonly code: Code;
  /** Usually the code's own; settings may have changed it. */
  readonly severity: Severity;
  /** One sentence, lower case, no full stop: what is wrong. */
  readonly message: string;
  /** Short words under the marked place ("defined neither here nor in an import"). */
  readonly label: string | null;
  /** What it means for mail and what to do, a sentence each. */
  readonly details: readonly string[];
  /** Null only when no place exists, as for a file that cannot be read. */
  readonly place: Place | null;
  readonly related: readonly Related[];
  readonly fixes: readonly Fix[];
}
