import { hasImports } from '../../grammar/dialect.ts';
import { type Finding, MOST_OF_A_KIND } from '../../grammar/finding.ts';
import { braceBeforeRest, declarationTakesBrace } from '../../grammar/findings/braces.ts';
import type { Directive } from '../expand/directive.ts';
import { type Comment, type ExpandOptions, type Expansion, expand } from '../expand/expand.ts';
import { dialectOf, Expander } from '../expand/expander.ts';
import { MacroWatch } from '../expand/findings/macro-findings.ts';
import { expandKnowing } from '../expand/imports.ts';
import type { ReadItem } from '../expand/read-item.ts';
import type { Snippet } from '../expand/snippet.ts';
import { type ReadPart, type ReadSource, readPart } from '../expand/source-reader.ts';
import type { Host } from '../host.ts';
import { createSourceFile, type SourceFile } from '../source/source-file.ts';
import { ImportLog } from './import-log.ts';
import { itemsOf, type KeptItem, movedFinding, type ReadKeptItem } from './kept-item.ts';
import { NotedHost, wouldAnswer } from './noted-host.ts';
import { changeBetween } from './text-change.ts';
import { type Touched, touchedBy } from './touched-items.ts';

interface Kept {
  readonly main: string;
  readonly options: ExpandOptions;
  readonly source: ReadSource;
  readonly items: readonly KeptItem[];
  /** That the main file knows at its end. */
  readonly snippets: Map<string, Snippet>;
  readonly expander: Expander;
}

/**
 * Expands one configuration again and again. Items of the top level of the main file that an edit does not touch are kept as they
 * were read, and moved; whatever could change more than itself, as the declaration of a macro, has everything read anew.
 *
 * What is kept goes into the new result: the directives of an older one must not be read any more.
 */
export class KeptExpansion {
  #kept: Kept | null = null;

  /** The same as `expand`. */
  expand(main: string, host: Host, options: ExpandOptions): Expansion {
    const kept = this.#kept;
    // Whatever is found out on the way, there is nothing to go on with then.
    this.#kept = null;
    const again = kept === null ? null : this.#expandAgain(kept, main, host, options);
    return again ?? this.#expandAnew(main, host, options);
  }

  #expandAnew(main: string, host: Host, options: ExpandOptions): Expansion {
    const noted = new NotedHost(host);
    const expander = new Expander(noted, options);
    const read: ReadItem[] = [];
    const source = expander.read(main, read);
    if (source === null) return expander.finish([]);
    if (!isDivisible(source, read, expander, options)) return expander.finish(expander.withImports(source));
    const importing = { source, snippets: new Map(source.snippets), log: new ImportLog(expander, source), host: noted };
    noted.take();
    const items: KeptItem[] = [];
    for (const item of itemsOf({ ...source, items: read }, source.file, 0)) {
      // What it brings is put in only after everything else.
      if (bringsImports(item, importing.snippets)) return expand(main, host, options);
      items.push(withImports(item, importing));
    }
    const expansion = expander.finish(items.flatMap(({ expanded }) => expanded));
    const { snippets } = importing;
    this.#keep({ main, options, source, items, snippets, expander }, importing.log, expansion);
    return expansion;
  }

  #keep(kept: Kept, log: ImportLog, { refusal, missing, diagnostics }: Expansion): boolean {
    const { firstFault, isRepeatable } = log;
    const isExpected = refusal === (firstFault?.text() ?? null) && !kept.expander.hasRefusedFiles;
    // Where findings are left out, it depends on all of them which.
    const isWhole = missing.length === 0 && diagnostics.length < MOST_OF_A_KIND;
    if (isRepeatable && isExpected && isWhole) this.#kept = kept;
    return this.#kept === kept;
  }

  /** Null when everything must be read. */
  #expandAgain(kept: Kept, main: string, host: Host, options: ExpandOptions): Expansion | null {
    const state = host.read(main);
    if (state?.kind !== 'text' || !isSameBeside(kept, main, host, options)) return null;
    const { text } = state;
    const change = changeBetween(kept.source.file.text, text);
    const touched = touchedBy(kept.items, change, text);
    if (kept.items.slice(touched.first).some(concernsOthers)) return null;
    if (kept.items.slice(touched.first, touched.end).some(({ kind }) => kind === 'declaration')) return null;

    const file = createSourceFile(main, text);
    const read = readTouched(kept, file, touched, options);
    if (read === null) return null;
    move(kept.items, touched, file, change.newEnd - change.end);
    const source = sourceOf(kept, file, replaced(kept.items, touched, read));
    if (dialectOf(text, source.directives, options) !== kept.expander.dialect) return null;

    const noted = new NotedHost(host);
    const expander = kept.expander.again(noted, options, source);
    const log = new ImportLog(expander, source);
    const { snippets } = kept;
    const repeated = (item: KeptItem): KeptItem => {
      log.repeat(item.imports);
      return item;
    };
    const before = kept.items.slice(0, touched.first).map(repeated);
    const added = read.map((item) => withImports(item, { source, snippets, log, host: noted }));
    if (added.some(concernsOthers)) return null;
    const items = [...before, ...added, ...kept.items.slice(touched.end).map(repeated)];
    const expansion = expander.finish(items.flatMap(({ expanded }) => expanded));
    return this.#keep({ ...kept, options, source, items, expander }, log, expansion) ? expansion : null;
  }
}

/** Nothing but the main file is different. */
function isSameBeside({ items, main: known, options: before }: Kept, main: string, host: Host, options: ExpandOptions) {
  return (
    known === main &&
    options.keepEnvironment === true &&
    before.dialect === options.dialect &&
    before.dialectsOf === options.dialectsOf &&
    before.withFindings === options.withFindings &&
    before.limits === options.limits &&
    items.every(({ asked }) => wouldAnswer(host, asked))
  );
}

/** Its items do not depend on each other but by what they declare and import. */
function isDivisible(
  { refusal, findings }: ReadSource,
  items: readonly ReadItem[],
  { dialect }: Expander,
  { keepEnvironment }: ExpandOptions,
): boolean {
  return (
    refusal === null &&
    items.length > 0 &&
    hasImports(dialect) &&
    keepEnvironment === true &&
    areClosed({ items, findings })
  );
}

/** Braces that are counted beyond the item, and words that are judged by what stands elsewhere. */
function areClosed({ items, findings }: Pick<ReadPart, 'items' | 'findings'>): boolean {
  const isOpen = findings.some(({ code }) => code === braceBeforeRest || code === declarationTakesBrace);
  return !isOpen && !items.some(({ looksAround }) => looksAround);
}

function bringsImports({ directive }: ReadKeptItem, snippets: ReadonlyMap<string, Snippet>): boolean {
  if (directive?.name !== 'import') return false;
  const snippet = snippets.get(directive.args[0]?.value ?? '');
  return snippet?.body.some(({ holdsImport }) => holdsImport) === true;
}

/** What stands behind it may be read or expanded otherwise because of it. */
function concernsOthers({ directive, macros, imports }: KeptItem): boolean {
  return (
    directive?.name === 'import' ||
    macros.some(({ kind }) => kind === 'declared') ||
    imports.some((event) => event.kind === 'imported' && event.target?.kind === 'file')
  );
}

interface Importing {
  readonly source: ReadSource;
  /** That the file knows so far. */
  readonly snippets: Map<string, Snippet>;
  readonly log: ImportLog;
  readonly host: NotedHost;
}

function withImports(item: ReadKeptItem, { source, snippets, log, host }: Importing): KeptItem {
  const { directive } = item;
  if (directive === null) return { ...item, expanded: [], imports: [], asked: host.take() };
  if (!directive.holdsImport) return { ...item, expanded: [directive], imports: [], asked: host.take() };
  const expanded = expandKnowing(snippets, source, [directive], 0, log);
  return { ...item, expanded, imports: log.take(), asked: host.take() };
}

/** The lines that stand in place of what was touched; null when they are more than directives of their own. */
function readTouched(
  { source, expander }: Kept,
  file: SourceFile,
  { lines }: Touched,
  { withFindings = true }: ExpandOptions,
): readonly ReadKeptItem[] | null {
  const { budget, dialect } = expander;
  const part = readPart(source.builder, file, lines, { dialect, budget, withFindings });
  if (part === null || !areClosed(part) || part.directives.length < part.items.length) return null;
  return itemsOf(part, file, lines.start);
}

function move(items: readonly KeptItem[], { first, end }: Touched, file: SourceFile, by: number): void {
  items.forEach(({ passage }, index) => {
    if (index < first || index >= end) passage.file = file;
    if (index >= end) passage.start += by;
  });
}

function replaced(
  items: readonly ReadKeptItem[],
  { first, end }: Touched,
  added: readonly ReadKeptItem[],
): readonly ReadKeptItem[] {
  return [...items.slice(0, first), ...added, ...items.slice(end)];
}

/** The main file as if all of it had been read now. */
function sourceOf({ source, expander }: Kept, file: SourceFile, items: readonly ReadKeptItem[]): ReadSource {
  const macros = new MacroWatch(expander.dialect);
  const comments: Comment[] = [];
  const findings: Finding[] = [];
  const directives: Directive[] = [];
  for (const { passage, directive, ...item } of items) {
    const { start } = passage;
    for (const event of item.macros) {
      if (event.kind === 'declared') macros.declared(event.name, event.at.place);
      else macros.used(event.name, event.argument, event.isWhole, event.isDefined);
    }
    for (const comment of item.comments) comments.push({ start: start + comment.start, text: comment.text });
    for (const finding of item.findings) findings.push(movedFinding(finding, start));
    if (directive !== null) directives.push(directive);
  }
  // Only what is said of wrong imports asks for the last token, and that is never kept.
  return { ...source, file, comments, lastToken: null, directives, findings, macros };
}
