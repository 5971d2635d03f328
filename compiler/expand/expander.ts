import { type Dialect, detectDialect, dialectOfComment, hasImports } from '../../grammar/dialect.ts';
import { decodeText } from '../../grammar/encoding.ts';
import { findWholeText } from '../../grammar/findings/whole-text.ts';
import type { Related } from '../diagnostics/diagnostic.ts';
import { provenance } from '../diagnostics/provenance.ts';
import type { FileState, Host } from '../host.ts';
import type { Origin } from '../source/origin.ts';
import { createSourceFile, lineIndexAt } from '../source/source-file.ts';
import { Budget } from './budget.ts';
import { isSamePlace } from './circle.ts';
import type { Argument, Directive } from './directive.ts';
import { expandEnvironment } from './environment-pass.ts';
import type { ExpandOptions, Expansion } from './expand.ts';
import {
  budgetCodes,
  importArguments,
  importLimit,
  multiplying,
  notUtf8,
  unknownImport,
  unreadableFile,
} from './expand-codes.ts';
import { DiagnosticList } from './findings/diagnostic-list.ts';
import { envEndless, findInEnvironment, findNameless, nameless } from './findings/environment-findings.ts';
import { findAtImport, findInSnippets } from './findings/import-findings.ts';
import { expandImports, type ImportFault, type ImportTarget, type ImportWorld, type Opened } from './imports.ts';
import type { ReadItem } from './read-item.ts';
import type { Snippet } from './snippet.ts';
import { type ReadSource, readSource, sourceRefusalText } from './source-reader.ts';

interface Loaded {
  readonly source: ReadSource;
  readonly bySuffix: boolean;
}

/** One run over one configuration, step by step for those who keep what the steps make. */
export class Expander implements ImportWorld {
  readonly budget: Budget;
  readonly #host: Host;
  readonly #options: ExpandOptions;
  readonly #withFindings: boolean;
  #dialect: Dialect = 'maddy';
  readonly #loaded = new Map<string, Loaded>();
  readonly #missing = new Set<string>();
  readonly #usedSnippets = new Set<Snippet>();
  readonly #list = new DiagnosticList();
  #refusal: string | null = null;
  #exceededAt: Directive | null = null;

  constructor(host: Host, options: ExpandOptions, budget: Budget = new Budget(options.limits)) {
    this.#host = host;
    this.#options = options;
    this.#withFindings = options.withFindings ?? true;
    this.budget = budget;
  }

  get hasRefusedFiles(): boolean {
    return this.budget.exhausted !== null || [...this.#loaded.values()].some(({ source }) => source.refusal !== null);
  }

  get dialect(): Dialect {
    return this.#dialect;
  }

  run(main: string): Expansion {
    const source = this.read(main);
    return this.finish(source === null ? [] : this.withImports(source));
  }

  /** A run over the same files, but for the main one, which was read already. */
  again(host: Host, options: ExpandOptions, main: ReadSource): Expander {
    const next = new Expander(host, options, this.budget);
    next.#dialect = this.#dialect;
    for (const [path, { source, bySuffix }] of this.#loaded) {
      next.accept(path, path === main.file.path ? main : source, bySuffix);
    }
    return next;
  }

  /** The main file by itself; null when it cannot be read. */
  read(main: string, items?: ReadItem[]): ReadSource | null {
    const state = this.#host.read(main);
    if (state === undefined) this.#missing.add(main);
    const text = state === undefined ? null : this.#mainText(main, state);
    return text === null ? null : this.#readMain(main, text, items);
  }

  withImports(source: ReadSource): readonly Directive[] {
    return hasImports(this.#dialect) ? expandImports(source, source.directives, 0, this).directives : source.directives;
  }

  /** Everything else, once imports are put in. */
  finish(imported: readonly Directive[]): Expansion {
    const directives = this.#expandEnvironment(imported);
    const sources = [...this.#loaded.values()].map(({ source }) => source);
    this.#reportExhaustion(sources);
    if (this.#withFindings) this.#reportDeclarations(sources);
    return {
      dialect: this.#dialect,
      directives,
      sources: sources.map(({ file, comments, valuesOfMacro }) => ({ file, comments, valuesOfMacro })),
      missing: [...this.#missing],
      diagnostics: this.#list.inOrder(sources.map(({ file }) => file)),
      refusal: this.#refusal,
    };
  }

  #mainText(path: string, state: FileState): string | null {
    if (state.kind === 'text') return state.text;
    if (state.kind === 'bytes') return decodeText(state.bytes);
    if (state.kind === 'directory') return '';
    const reason = state.kind === 'absent' ? 'no such file or directory' : state.reason;
    this.#refuse(`open ${path}: ${reason}`);
    this.#list.add(unreadableFile, `cannot open ${path}: ${reason}`, null);
    return null;
  }

  /** Chooses the dialect on the way (R6): as given, by the first line, or by the names at top level. */
  #readMain(path: string, text: string, items?: ReadItem[]): ReadSource {
    this.#dialect = this.#options.dialect ?? dialectOfComment(text) ?? 'maddy';
    const supposed = this.#dialect;
    const source = this.#readText(path, text, items);
    this.#dialect = dialectOf(text, source.directives, this.#options);
    const isReadOtherwise = this.#dialect === 'madmail-2' && supposed !== this.#dialect;
    return this.accept(path, isReadOtherwise ? this.#readText(path, text) : source);
  }

  #readText(path: string, text: string, items?: ReadItem[]): ReadSource {
    const { budget } = this;
    return readSource(createSourceFile(path, text), {
      dialect: this.#dialect,
      budget,
      withFindings: this.#withFindings,
      items,
    });
  }

  /** Takes part from now on. */
  accept(path: string, source: ReadSource, bySuffix = false): ReadSource {
    this.#loaded.set(path, { source, bySuffix });
    const { text } = source.file;
    const whole = findWholeText(text);
    for (const finding of whole === null ? source.findings : [whole]) this.#list.addFinding(source.file, finding);
    if (this.#dialect === 'madmail-2' && !text.isWellFormed()) {
      this.#refuse('io');
      const start = text.search(/\p{Cs}/u);
      const place = { file: source.file, range: { start, end: start + 1 } };
      this.#list.add(notUtf8, 'Madmail 2 refuses a file that is not UTF-8', place);
    }
    const refusal = sourceRefusalText(source, this.#dialect);
    if (refusal !== null) this.#refuse(refusal);
    return source;
  }

  #reportExhaustion([main]: readonly ReadSource[]): void {
    const { exhausted } = this.budget;
    if (exhausted === null || main === undefined) return;
    const code = budgetCodes[exhausted];
    this.#refuse(code.summary);
    if (this.#list.has(code)) return;
    const details = ['maddy would go on until memory or patience end.', multiplying[exhausted]];
    if (this.#exceededAt === null) {
      this.#list.add(code, code.summary, { file: main.file, range: { start: 0, end: 0 } }, { details });
    } else {
      const { args, origin } = this.#exceededAt;
      const at = args[0]?.origin ?? origin;
      this.#list.add(code, code.summary, at, { details, related: stepsOnce(at) });
    }
  }

  exceeded(directive: Directive): void {
    this.#exceededAt ??= directive;
  }

  #expandEnvironment(directives: readonly Directive[]): readonly Directive[] {
    const { env } = this.#host;
    const { keepEnvironment = false, environmentIsComplete = false } = this.#options;
    // References that are left to `run` meet other variables there, unless these are the ones.
    const isJudged = this.#withFindings && (!keepEnvironment || environmentIsComplete);
    const maybeNameless = this.#withFindings && this.#hasText(nameless);
    if (keepEnvironment && !isJudged && !maybeNameless) return directives;
    return expandEnvironment(directives, {
      env,
      dialect: this.#dialect,
      budget: this.budget,
      keep: keepEnvironment,
      met: (argument) => {
        if (isJudged) findInEnvironment(argument, env, environmentIsComplete, this.#list);
        else if (maybeNameless) findNameless(argument, this.#list);
      },
      endless: (argument) => this.#endless(argument),
    });
  }

  #hasText(text: string): boolean {
    for (const { source } of this.#loaded.values()) if (source.file.text.includes(text)) return true;
    return false;
  }

  #endless(argument: Argument): void {
    this.#refuse(envEndless.summary);
    this.#list.addAt(envEndless, 'these variables refer to each other without end', argument.origin);
  }

  /** The first refusal is the reference's verdict. */
  #refuse(text: string): void {
    this.#refusal ??= text;
  }

  #reportDeclarations(sources: readonly ReadSource[]): void {
    const watches = sources.map(({ macros }) => macros);
    for (const { macros, everySnippet } of sources) {
      macros.report(
        this.#list,
        watches.filter((other) => other !== macros),
      );
      findInSnippets(everySnippet, this.#usedSnippets, this.#list);
    }
  }

  open(path: string): Opened {
    if (!this.budget.takeFile()) return { kind: 'refused' };
    const known = this.#loaded.get(path);
    if (known !== undefined) return { kind: 'file', ...known };
    for (const candidate of [path, `${path}.conf`]) {
      const state = this.#host.read(candidate);
      if (state === undefined) {
        this.#missing.add(candidate);
        return { kind: 'unknown' };
      }
      if (state.kind === 'directory') return { kind: 'directory' };
      if (state.kind === 'unreadable') return { kind: 'unreadable', path: candidate, reason: state.reason };
      if (state.kind === 'absent') continue;
      const text = state.kind === 'text' ? state.text : decodeText(state.bytes);
      if (!this.budget.takeCharacters(text.length)) return { kind: 'refused' };
      const bySuffix = candidate !== path;
      return { kind: 'file', source: this.accept(path, this.#readText(path, text), bySuffix), bySuffix };
    }
    return { kind: 'absent' };
  }

  imported(directive: Directive, target: ImportTarget | null): void {
    if (target?.kind === 'snippet') this.#usedSnippets.add(target.snippet);
    if (this.#withFindings) findAtImport(directive, target, this.#list);
  }

  fault({ code, text, directive }: ImportFault): void {
    this.#refuse(text());
    const [argument] = directive.args;
    const name = argument?.value ?? '';
    if (code === unknownImport && argument !== undefined) {
      this.#list.addAt(code, `"${name}" is neither a snippet nor a file`, argument.origin, {
        label: `no (${name}) above, no file ${name} or ${name}.conf`,
        details: [
          'maddy refuses the whole configuration.',
          ...(/[*?[]/.test(name) ? ['Patterns are not looked up: each file is imported by its name.'] : []),
        ],
        related: this.#declaredElsewhere(name),
      });
    } else if (code === importArguments) {
      this.#list.addAt(code, `"import" takes one name, not ${directive.args.length}`, directive.origin);
    } else if (code === importLimit) {
      const { origin } = argument ?? directive;
      this.#list.add(code, `"${name}" is imported in a circle`, origin, {
        details: ['maddy follows 256 imports into each other, then it refuses the configuration.'],
        related: stepsOnce(origin),
      });
    } else this.#list.addAt(code, text().replace(/^.*?:\d+: /, ''), (argument ?? directive).origin);
  }

  /** A snippet of that name that the import cannot see: its file is imported later, or imports this one. */
  #declaredElsewhere(name: string) {
    const snippets = [...this.#loaded.values()].flatMap(({ source }) => source.everySnippet);
    const found = snippets.find((snippet) => snippet.name === name);
    if (found === undefined) return [];
    return [{ ...found.place, message: 'declared here, but not known to this import' }];
  }

  lastLine({ lastToken, file }: ReadSource): number {
    return lastToken === null ? 0 : lineIndexAt(file, lastToken) + 1;
  }
}

/** The way there; rounds of a circle say the same again. */
function stepsOnce(origin: Origin): readonly Related[] {
  const steps = provenance(origin);
  return steps.filter((step, index) => steps.findIndex((each) => isSamePlace(each, step)) === index);
}

/** As given, by the comment in the first line, or by the names at top level (R6). */
export function dialectOf(
  text: string,
  directives: readonly Directive[],
  { dialect, dialectsOf }: Pick<ExpandOptions, 'dialect' | 'dialectsOf'>,
): Dialect {
  const given = dialect ?? dialectOfComment(text);
  if (given !== null) return given;
  return dialectsOf === undefined
    ? 'maddy'
    : detectDialect(
        directives.map(({ name }) => name),
        dialectsOf,
      );
}
