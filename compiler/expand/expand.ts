import type { Dialect } from '../../grammar/dialect.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Host } from '../host.ts';
import type { SourceFile } from '../source/source-file.ts';
import type { Limits } from './budget.ts';
import type { Directive } from './directive.ts';
import { Expander } from './expander.ts';

export interface ExpandOptions {
  /** Given by option or project settings; else it is told by the first line's comment, or from what the file uses. */
  readonly dialect?: Dialect | undefined;
  /** In which dialects a top-level name means something; null: in none. Lets the dialect be told from what the file uses. */
  readonly dialectsOf?: ((name: string) => readonly Dialect[] | null) | undefined;
  /** Leaves `{env:NAME}` in place, for plans that are resolved at `run` (R8). */
  readonly keepEnvironment?: boolean;
  /** The host's variables are the ones of the server: what is missing among them will be missing there. */
  readonly environmentIsComplete?: boolean;
  /** Default true. Without, only what refuses the configuration is told. */
  readonly withFindings?: boolean;
  readonly limits?: Limits | undefined;
}

export interface Comment {
  readonly start: number;
  /** With its `#`. */
  readonly text: string;
}

/** One text that took part. */
export interface ExpandedSource {
  readonly file: SourceFile;
  readonly comments: readonly Comment[];
  /** What a macro stands for at the end of the text, environment references as they are; null: not declared here. */
  valuesOfMacro(name: string): readonly string[] | null;
}

export interface Expansion {
  readonly dialect: Dialect;
  /** The effective configuration; what could be made of it when something is wrong. */
  readonly directives: readonly Directive[];
  /** The main file first, the others as they were imported. */
  readonly sources: readonly ExpandedSource[];
  /** Paths that the host does not know yet: load them and call again. The result so far is without them. */
  readonly missing: readonly string[];
  /** In the order of files and text. */
  readonly diagnostics: readonly Diagnostic[];
  /** The reference's first error in its own words, or the budget that ran out; null when the configuration is read. */
  readonly refusal: string | null;
}

/** Steps 1 to 4 of language section 0: from the main file to the effective configuration. */
export function expand(main: string, host: Host, options: ExpandOptions = {}): Expansion {
  return new Expander(host, options).run(main);
}
