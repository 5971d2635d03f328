import type { Range } from '../../grammar/range.ts';
import type { SourceFile } from './source-file.ts';

/** How a value came to stand where it is used. The chain reads from the use outwards to the main file. */
export interface Via {
  readonly kind: 'macro' | 'snippet' | 'import' | 'environment' | 'unset-environment';
  /** Macro, snippet or variable name; for an import the path as written. */
  readonly name: string;
  /** Where the macro reference, the `import` line or the `{env:…}` stands. */
  readonly file: SourceFile;
  readonly range: Range;
  readonly next: Via | null;
}

/** Place in a source text plus the chain that led there: each value of the expanded tree carries one. */
export interface Origin {
  readonly file: SourceFile;
  readonly range: Range;
  readonly via: Via | null;
}
