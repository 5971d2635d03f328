import type { ReferenceVerdict } from '../analyse.ts';
import type { Diagnostic, Place, Severity } from '../diagnostics/diagnostic.ts';

/** What is to be told about one configuration, its imports included. */
export interface FileResult {
  /** Path of the main file, as it was named. */
  readonly file: string;
  readonly diagnostics: readonly Diagnostic[];
  /** Places of passwords and tokens: no report shows what stands there. */
  readonly secrets: readonly Place[];
  /** maddy's own verdict, when it was asked for. */
  readonly reference: ReferenceVerdict | null;
}

/** What is to be told about one run of `check`: each format tells it in its own way. */
export interface Report {
  readonly tool: { readonly name: string; readonly version: string };
  /** A finding in a file that several configurations import stands in the first of them only. */
  readonly results: readonly FileResult[];
  /** Findings that make the run fail. */
  readonly failing: ReadonlySet<Severity>;
  /** Path below the root of the repository, where services that show findings beside the code look for it. */
  readonly pathInRepository: (path: string) => string;
}

/** How wide the terminal is, and what it can show. */
export interface Terminal {
  readonly color: boolean;
  /** It can show box drawing characters. */
  readonly unicode: boolean;
  readonly columns: number;
}

/** Gives the whole text of a report; lines end with LF. */
export type Reporter = (report: Report, terminal: Terminal) => string;

export interface FoundIn {
  readonly result: FileResult;
  readonly diagnostic: Diagnostic;
}

/** Every finding of a run, with the configuration that it belongs to. */
export function findingsOf({ results }: Report): readonly FoundIn[] {
  return results.flatMap((result) => result.diagnostics.map((diagnostic) => ({ result, diagnostic })));
}

/** The file that a finding is about: that of its place, else the configuration as a whole. */
export function fileOf({ result, diagnostic }: FoundIn): string {
  return diagnostic.place?.file.path ?? result.file;
}

/** The page about a code, below the project's root. */
export function docsPage(code: string): string {
  return `docs/rules/${code}.md`;
}

/** Message, and what it means and what to do, a line each. */
export function plainText({ message, details }: Diagnostic): string {
  return [message, ...details].join('\n');
}

/** JSON that every reader takes: bytes that were no UTF-8 are lone surrogates here, and become U+FFFD. */
export function jsonText(value: unknown): string {
  const wellFormed = (_key: string, each: unknown): unknown => (typeof each === 'string' ? each.toWellFormed() : each);
  return `${JSON.stringify(value, wellFormed, 2)}\n`;
}
