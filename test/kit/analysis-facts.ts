import type { Analysis } from '../../compiler/analyse.ts';
import type { Diagnostic } from '../../compiler/diagnostics/diagnostic.ts';
import type { ExpandedDirective } from '../../compiler/expand/expanded.ts';
import { Inline, isUse, type Module, Reference } from '../../compiler/ir/ir.ts';
import type { Origin, Via } from '../../compiler/source/origin.ts';
import type { SourceFile } from '../../compiler/source/source-file.ts';

/**
 * Everything that can be seen of an analysis, as data. Files are numbers, so that one which is no file of the analysis shows;
 * directives are those of the expanded tree, in its order.
 */
export function factsOf(analysis: Analysis): unknown {
  return new Facts(analysis).all();
}

class Facts {
  readonly #analysis: Analysis;
  readonly #files: ReadonlyMap<SourceFile, number>;
  readonly #directives = new Map<ExpandedDirective, number>();
  readonly #modules = new Map<Module, number>();

  constructor(analysis: Analysis) {
    this.#analysis = analysis;
    this.#files = new Map(analysis.files.map((file, index) => [file, index]));
    const number = (directive: ExpandedDirective): void => {
      this.#directives.set(directive, this.#directives.size);
      directive.block?.forEach(number);
    };
    analysis.expansion.directives.forEach(number);
  }

  all(): unknown {
    const { main, dialect, files, missing, expansion, program, diagnostics, loadErrors, startErrors } = this.#analysis;
    const planned = this.#analysis.plan('a test');
    return {
      head: { main, dialect, missing, reference: this.#analysis.reference() },
      files,
      expansion: {
        dialect: expansion.dialect,
        directives: expansion.directives.map((each) => this.#tree(each)),
        sources: expansion.sources.map((source) => ({
          file: this.#file(source.file),
          comments: source.comments,
          values: ['hostname', 'local_domains', 'primary_domain', 'x'].map((name) => source.valuesOfMacro(name)),
        })),
        missing: expansion.missing,
        diagnostics: expansion.diagnostics.map((each) => this.#diagnostic(each)),
        refusal: expansion.refusal,
      },
      program: {
        globals: this.#config(program.globals),
        endpoints: program.endpoints.map((endpoint) => this.#module(endpoint)),
        blocks: [...program.blocks].map(([key, { name, header, entry, module, used }]) => {
          return [key, name, this.#header(header), entry.name, used, this.#module(module)];
        }),
        references: program.references.map((reference) => this.#use(reference)),
        meanings: [...this.#directives.keys()].map((directive) => {
          const meaning = program.meanings.get(directive);
          return meaning && [this.#owner(meaning.owner), meaning.module?.name];
        }),
        meant: program.meanings.size,
        secrets: program.secrets.map((secret) => this.#origin(secret)),
        marked: program.marked.map(({ directive, spec }) => [this.#header(directive), spec.doc]),
      },
      diagnostics: diagnostics.map((each) => this.#diagnostic(each)),
      loadErrors: loadErrors.map((each) => diagnostics.indexOf(each)),
      startErrors: startErrors.map((each) => diagnostics.indexOf(each)),
      plan: planned.plan,
      planned: planned.diagnostics.map((each) => this.#diagnostic(each)),
    };
  }

  #file(file: SourceFile): number {
    return this.#files.get(file) ?? -1;
  }

  #origin({ file, range, via }: Origin): unknown {
    const steps: unknown[] = [];
    for (let step: Via | null = via; step !== null; step = step.next) {
      steps.push([step.kind, step.name, this.#file(step.file), step.range]);
    }
    return [this.#file(file), range, ...steps];
  }

  #tree({ name, args, block, vanished = [], origin, line, range }: ExpandedDirective): unknown {
    const words = [...args, null, ...vanished].map((arg) => arg && [arg.value, this.#origin(arg.origin)]);
    return [name, this.#origin(origin), line, range, words, block?.map((each) => this.#tree(each))];
  }

  #diagnostic({ code, place, related, fixes, ...rest }: Diagnostic): unknown {
    return {
      ...rest,
      code: code.code,
      place: place && [this.#file(place.file), place.range],
      related: related.map(({ file, range, message }) => [this.#file(file), range, message]),
      fixes: fixes.map(({ title, safe, edits }) => {
        return [title, safe, edits.map(({ file, range, text }) => [this.#file(file), range, text])];
      }),
    };
  }

  /** One that stands in the tree by its number; others stand for what is not written. */
  #header(directive: ExpandedDirective): unknown {
    const { name, origin, line } = directive;
    return [this.#directives.get(directive) ?? 'none', name, this.#origin(origin), line];
  }

  #owner(owner: NonNullable<ReturnType<Analysis['program']['meanings']['get']>>['owner']): unknown {
    if (owner === undefined || owner.kind === 'globals') return owner?.kind;
    if (owner.kind === 'module') return owner.entry.name;
    return owner.kind === 'block' ? Object.keys(owner.spec.directives) : owner.context;
  }

  /** The second time only that it is the same. */
  #module(module: Module): unknown {
    const known = this.#modules.get(module);
    if (known !== undefined) return known;
    this.#modules.set(module, this.#modules.size);
    const { entry, name, header, addresses, config, pipeline, bounce } = module;
    return {
      entry: entry.name,
      name,
      header: this.#header(header),
      addresses: addresses.map((word) => [word.value, this.#origin(word.origin)]),
      config: this.#config(config),
      pipeline: this.#inside(pipeline),
      bounce: this.#inside(bounce),
    };
  }

  #config(config: Module['config']): unknown {
    return [...config].map(([key, { value, written, unreadable }]) => {
      return [key, this.#inside(value), written.map((each) => this.#header(each)), unreadable];
    });
  }

  /** Values and pipelines. */
  #inside(value: Module['pipeline'] | unknown): unknown {
    if (typeof value !== 'object' || value === null) return value;
    if (value instanceof Reference || value instanceof Inline) return this.#use(value);
    if (Array.isArray(value)) return value.map((each) => this.#inside(each));
    if (isDirective(value)) return this.#header(value);
    if ('value' in value && 'origin' in value && isOrigin(value.origin)) {
      return [value.value, this.#origin(value.origin)];
    }
    return Object.entries(value).map(([key, each]) => [key, this.#inside(each)]);
  }

  #use(use: Reference | Inline): unknown {
    if (!isUse(use) || use instanceof Inline) return this.#module(use.module);
    return [
      use.name,
      this.#origin(use.origin),
      use.block?.header === undefined ? null : this.#header(use.block.header),
    ];
  }
}

function isDirective(value: object): value is ExpandedDirective {
  return 'args' in value && 'block' in value && 'line' in value;
}

function isOrigin(value: unknown): value is Origin {
  return typeof value === 'object' && value !== null && 'file' in value && 'via' in value;
}
