import type { Code, Severity } from '../../grammar/code.ts';
import type { Range } from '../../grammar/range.ts';
import type { SourceFile } from '../source/source-file.ts';

export type { Code, Severity };

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
