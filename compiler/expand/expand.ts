import type { Dialect } from '../../grammar/dialect.ts';
import { decodeText } from '../../grammar/encoding.ts';
import { LineBreak, startOf } from '../../grammar/tokens.ts';
import { diagnose } from '../diagnostics/diagnose.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { provenance } from '../diagnostics/provenance.ts';
import type { FileState, Host } from '../host.ts';
import { createSourceFile, lineIndexAt, type SourceFile } from '../source/source-file.ts';
import { Budget, type Limits } from './budget.ts';
import type { Directive } from './directive.ts';
import { expandEnvironment } from './environment-pass.ts';
import { budgetCodes, unreadableFile } from './expand-codes.ts';
import type { ExpandedDirective } from './expanded.ts';
import { expandImports, type ImportFault, type ImportWorld, type Opened } from './imports.ts';
import { type ReadSource, readSource, sourceRefusalText } from './source-reader.ts';

export interface ExpandOptions {
  readonly dialect?: Dialect;
  /** Leaves `{env:NAME}` in place, for plans that are resolved at `run` (R8). */
  readonly keepEnvironment?: boolean;
  readonly limits?: Limits;
}

export interface Expansion {
  readonly dialect: Dialect;
  /** The effective configuration; what could be read of it when something is wrong. */
  readonly directives: readonly ExpandedDirective[];
  /** Every text that took part, the main file first. */
  readonly files: readonly SourceFile[];
  /** Paths that the host does not know yet: load them and call again. */
  readonly missing: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
  /** The reference's first error, in its own words; null when it reads the configuration. */
  readonly refusal: string | null;
}

/** Steps 1 to 4 of language section 0: from the main file to the effective configuration. */
export function expand(main: string, host: Host, options: ExpandOptions = {}): Expansion {
  return new Expander(host, options).run(main);
}

class Expander implements ImportWorld {
  readonly budget: Budget;
  readonly #host: Host;
  readonly #dialect: Dialect;
  readonly #keepEnvironment: boolean;
  readonly #sources = new Map<string, ReadSource>();
  readonly #missing = new Set<string>();
  readonly #diagnostics: Diagnostic[] = [];
  #refusal: string | null = null;

  constructor(host: Host, options: ExpandOptions) {
    this.#host = host;
    this.#dialect = options.dialect ?? 'maddy';
    this.#keepEnvironment = options.keepEnvironment ?? false;
    this.budget = new Budget(options.limits);
  }

  run(main: string): Expansion {
    const state = this.#host.read(main);
    if (state === undefined) this.#missing.add(main);
    const text = state === undefined ? null : this.#textOf(main, state);
    const directives = text === null ? [] : this.#expandMain(this.#read(main, text));
    return {
      dialect: this.#dialect,
      directives,
      files: [...this.#sources.values()].map(({ file }) => file),
      missing: [...this.#missing],
      diagnostics: this.#diagnostics,
      refusal: this.#refusal,
    };
  }

  #expandMain(source: ReadSource): readonly Directive[] {
    const imported =
      this.#dialect === 'madmail-2' ? source.directives : expandImports(source, source.directives, 0, this).directives;
    const result = this.#keepEnvironment ? imported : this.#expandEnvironment(imported);
    const { exhausted } = this.budget;
    if (exhausted !== null) {
      const code = budgetCodes[exhausted];
      this.#refuse(code.summary);
      if (!this.#diagnostics.some((known) => known.code === code)) {
        this.#diagnostics.push(diagnose(code, code.summary, { file: source.file, range: { start: 0, end: 0 } }));
      }
    }
    return result;
  }

  #expandEnvironment(directives: readonly Directive[]): readonly Directive[] {
    return expandEnvironment(directives, {
      env: this.#host.env,
      dialect: this.#dialect,
      budget: this.budget,
      used: () => {},
      endless: () => this.#refuse('environment variables refer to each other without end'),
    });
  }

  /** The first refusal is the reference's verdict. */
  #refuse(text: string): void {
    this.#refusal ??= text;
  }

  #textOf(path: string, state: FileState): string | null {
    switch (state.kind) {
      case 'text':
        return state.text;
      case 'bytes':
        return decodeText(state.bytes);
      case 'directory':
        return '';
      case 'absent':
      case 'unreadable': {
        const reason = state.kind === 'absent' ? 'no such file or directory' : state.reason;
        this.#refuse(`open ${path}: ${reason}`);
        this.#diagnostics.push(diagnose(unreadableFile, `cannot open ${path}: ${reason}`, null));
        return null;
      }
    }
  }

  #read(path: string, text: string): ReadSource {
    const source = readSource(createSourceFile(path, text), this.#dialect, this.budget, null);
    this.#sources.set(path, source);
    const refusal =
      this.#dialect === 'madmail-2' && !text.isWellFormed() ? 'io' : sourceRefusalText(source, this.#dialect);
    if (refusal !== null) this.#refuse(refusal);
    return source;
  }

  open(path: string): Opened {
    if (!this.budget.takeFile()) return { kind: 'refused' };
    const known = this.#sources.get(path);
    if (known !== undefined) return { kind: 'source', source: known };
    for (const candidate of [path, `${path}.conf`]) {
      const state = this.#host.read(candidate);
      if (state === undefined) {
        this.#missing.add(candidate);
        return { kind: 'nothing' };
      }
      if (state.kind === 'directory') return { kind: 'nothing' };
      if (state.kind === 'unreadable') return { kind: 'unreadable', path: candidate, reason: state.reason };
      if (state.kind === 'absent') continue;
      const text = state.kind === 'text' ? state.text : decodeText(state.bytes);
      if (!this.budget.takeCharacters(text.length)) return { kind: 'refused' };
      return { kind: 'source', source: this.#read(path, text) };
    }
    return { kind: 'absent' };
  }

  fault({ code, text, directive }: ImportFault): void {
    this.#refuse(text);
    const place = directive.origin;
    this.#diagnostics.push(diagnose(code, code.summary, place, { related: provenance(place) }));
  }

  lastLine({ lexed, file }: ReadSource): number {
    const last = lexed.tokens.findLast(({ tokenTypeIdx }) => tokenTypeIdx !== LineBreak.tokenTypeIdx);
    return last === undefined ? 0 : lineIndexAt(file, startOf(last)) + 1;
  }

  snippetUsed(): void {}

  fileUsed(): void {}
}
