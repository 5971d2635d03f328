import type { Code } from '../../grammar/code.ts';
import { directoryOf, resolvePath } from '../source/path.ts';
import type { Budget } from './budget.ts';
import { copyDirectives } from './copy.ts';
import type { Directive } from './directive.ts';
import { importArguments, importLimit, unknownImport, unreadableFile } from './expand-codes.ts';
import { DEEPEST_IMPORT, ImportForecast } from './import-forecast.ts';
import type { Snippet } from './snippet.ts';
import type { ReadSource } from './source-reader.ts';
import { around, Step, type Trail } from './trail.ts';

/** What an import leads to, as the file system tells. */
export type Opened =
  /** `bySuffix`: only with `.conf` added to the path. */
  | { readonly kind: 'file'; readonly source: ReadSource; readonly bySuffix: boolean }
  /** Counts as an empty file. */
  | { readonly kind: 'directory' }
  /** Not loaded yet. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unreadable'; readonly path: string; readonly reason: string }
  /** The budget for files is spent. */
  | { readonly kind: 'refused' };

/** What an import puts in. */
export type ImportTarget = { readonly kind: 'snippet'; readonly snippet: Snippet } | Opened;

/** What goes wrong at an `import`; `text` gives maddy's own words, with place where maddy gives one. */
export interface ImportFault {
  readonly code: Code;
  readonly text: () => string;
  readonly directive: Directive;
}

export interface ImportWorld {
  readonly budget: Budget;
  open(path: string): Opened;
  fault(fault: ImportFault): void;
  /** Of the last token of the file being expanded, for maddy's message. */
  lastLine(source: ReadSource): number;
  imported(directive: Directive, target: ImportTarget | null): void;
  /** More than the budget has. */
  exceeded(directive: Directive): void;
}

export interface ExpandedFile {
  readonly directives: readonly Directive[];
  readonly snippets: ReadonlyMap<string, Snippet>;
}

/** Step 3 of language section 0: replaces the imports of one file, and of the files it imports. */
export function expandImports(
  source: ReadSource,
  directives: readonly Directive[],
  depth: number,
  world: ImportWorld,
): ExpandedFile {
  const snippets = new Map(source.snippets);
  return { directives: expandKnowing(snippets, source, directives, depth, world), snippets };
}

/** The same for a part of a file; `snippets` are those that it sees, and get those that its imports bring. */
export function expandKnowing(
  snippets: Map<string, Snippet>,
  source: ReadSource,
  directives: readonly Directive[],
  depth: number,
  world: ImportWorld,
): readonly Directive[] {
  return new ImportExpander(source, snippets, world).expand(directives, depth);
}

/** A list of directives, some of which are replaced by lists of their own. */
interface Segment {
  /** Exchanged as a whole when a directive changes: sources are kept as they were read. */
  directives: readonly Directive[];
  replaced: Map<number, Segment> | null;
}

const nothing: readonly Segment[] = [];

class ImportExpander {
  readonly #source: ReadSource;
  /** The file's own snippets and those that its imports brought so far. */
  readonly #snippets: Map<string, Snippet>;
  readonly #world: ImportWorld;
  #forecast: ImportForecast;
  /** Names of files that declare nothing which the snippets do not hold. */
  readonly #settledFiles = new Set<string>();

  constructor(source: ReadSource, snippets: Map<string, Snippet>, world: ImportWorld) {
    this.#source = source;
    this.#snippets = snippets;
    this.#world = world;
    this.#forecast = this.#newForecast();
  }

  #newForecast(): ImportForecast {
    return new ImportForecast(this.#snippets, (file) => this.#settledFiles.has(file));
  }

  /**
   * Pass after pass: all imports of the list are replaced in order, then those of what they brought, until none is left.
   * The order decides which snippets an import sees, and which error comes first. Gives the same list when nothing changed.
   */
  expand(directives: readonly Directive[], depth: number): readonly Directive[] {
    const root: Segment = { directives, replaced: null };
    let pass = this.#expandSegment(root, depth);
    for (let level = depth + 1; pass.length > 0; level += 1) {
      const current: number = level;
      pass = pass.flatMap((segment) => this.#expandSegment(segment, current));
    }
    return root.replaced === null ? root.directives : flatten(root, []);
  }

  /** Gives what the imports of the segment brought. */
  #expandSegment(segment: Segment, level: number): readonly Segment[] {
    const before = segment.directives;
    let changed: Directive[] | null = null;
    let brought: Segment[] | null = null;
    for (let index = 0; index < before.length; index += 1) {
      const directive = before[index];
      if (directive === undefined) break;
      if (!directive.holdsImport) continue;
      if (directive.block !== null && directive.block.length > 0) {
        const block = this.expand(directive.block, level + 1);
        if (block !== directive.block) {
          changed ??= [...before];
          changed[index] = directive.withBlock(block);
        }
      }
      if (directive.name !== 'import') continue;
      const inserted: Segment = { directives: this.#resolve(directive, level) ?? [], replaced: null };
      segment.replaced ??= new Map();
      segment.replaced.set(index, inserted);
      brought ??= [];
      brought.push(inserted);
    }
    if (changed !== null) segment.directives = changed;
    return brought ?? nothing;
  }

  #resolve(directive: Directive, level: number): readonly Directive[] | null {
    const world = this.#world;
    if (level > DEEPEST_IMPORT) return this.#fault(importLimit, directive, 'hit import expansion limit');
    const [argument] = directive.args;
    if (argument === undefined || directive.args.length !== 1) {
      world.imported(directive, null);
      const place = `${this.#source.file.path}:${world.lastLine(this.#source)}`;
      const text = `${place} - Error during parsing: import directive requires exactly 1 argument`;
      world.fault({ code: importArguments, text: () => text, directive });
      return null;
    }
    const name = argument.value;
    const snippet = this.#snippets.get(name);
    if (snippet !== undefined) {
      world.imported(directive, { kind: 'snippet', snippet });
      this.#foresee(snippet, directive, level);
      return this.#copy(snippet.body, stepAt('snippet', name, directive), directive);
    }
    return this.#importFile(name, directive, level);
  }

  #foresee(snippet: Snippet, directive: Directive, level: number): void {
    const { budget } = this.#world;
    if (budget.exhausted !== null || snippet.extent().imports.length === 0) return;
    const cost = this.#forecast.costOf(snippet, level);
    if (cost === null) return;
    budget.foresee(cost);
    if (budget.exhausted !== null) this.#world.exceeded(directive);
  }

  #copy(directives: readonly Directive[], step: Trail, directive: Directive): readonly Directive[] | null {
    const { budget } = this.#world;
    if (!budget.takes(directives)) return null;
    const copies = copyDirectives(directives, step, budget);
    if (copies === null) this.#world.exceeded(directive);
    return copies;
  }

  #importFile(name: string, directive: Directive, level: number): readonly Directive[] | null {
    const world = this.#world;
    const path = resolvePath(directoryOf(this.#source.file.path), name);
    const opened = world.open(path);
    world.imported(directive, opened);
    switch (opened.kind) {
      case 'absent':
        return this.#fault(unknownImport, directive, `unknown import: ${name}`);
      case 'unreadable':
        world.fault({ code: unreadableFile, text: () => `open ${opened.path}: ${opened.reason}`, directive });
        return null;
      case 'refused':
        world.exceeded(directive);
        return null;
      case 'directory':
      case 'unknown':
        return null;
      case 'file': {
        const copies = this.#copy(opened.source.directives, stepAt('import', name, directive), directive);
        if (copies === null) return null;
        const expanded = expandImports(opened.source, copies, level + 1, world);
        this.#learn(name, expanded.snippets);
        return expanded.directives;
      }
    }
  }

  #learn(file: string, snippets: ReadonlyMap<string, Snippet>): void {
    let isNew = false;
    for (const [key, snippet] of snippets) {
      isNew ||= this.#snippets.get(key) !== snippet;
      this.#snippets.set(key, snippet);
    }
    if (isNew) {
      this.#settledFiles.clear();
      this.#forecast = this.#newForecast();
    }
    this.#settledFiles.add(file);
  }

  #fault(code: Code, directive: Directive, text: string): null {
    this.#world.fault({ code, text: () => `${directive.file.path}:${directive.line}: ${text}`, directive });
    return null;
  }
}

/** The chain of what the directive puts in: the step through it, inside the steps that led to it. */
function stepAt(kind: 'snippet' | 'import', name: string, directive: Directive): Trail {
  return around(directive.trail, new Step(kind, name, directive));
}

function flatten(segment: Segment, into: Directive[]): Directive[] {
  segment.directives.forEach((directive, index) => {
    const inserted = segment.replaced?.get(index);
    if (inserted === undefined) into.push(directive);
    else flatten(inserted, into);
  });
  return into;
}
