import type { Dialect } from '../../grammar/dialect.ts';
import { macroNamedByMacro } from '../../grammar/reader-codes.ts';
import type { Header, Refused, StructureActions } from '../../grammar/structure.ts';
import { endOf, startOf, type Token, tokenValue } from '../../grammar/tokens.ts';
import type { SourceFile } from '../source/source-file.ts';
import { Passage, Span } from '../source/span.ts';
import type { Budget } from './budget.ts';
import { type Argument, Directive } from './directive.ts';
import { MacroWatch } from './findings/macro-findings.ts';
import { isRefused, MacroTable, type MacroWitness, type ReadingPlace } from './macros.ts';
import { ReadItem } from './read-item.ts';
import { Snippet } from './snippet.ts';
import type { ReadSource } from './source-reader.ts';
import { refersToMacros, wholeReference } from './substitution.ts';

export interface ReadOptions {
  readonly dialect: Dialect;
  readonly budget: Budget;
  /** False where only the result is wanted. */
  readonly withFindings: boolean;
  /** Takes the items of the top level, which are passages of their own then; without it the file is one passage. */
  readonly items?: ReadItem[] | undefined;
}

/** Builds directives in the order in which maddy completes them, macros expanded on the way. */
export class DirectiveBuilder implements StructureActions<Directive>, MacroWitness {
  readonly #at: ReadingPlace;
  readonly #macros: MacroTable;
  readonly #dialect: Dialect;
  #watch: MacroWatch;
  #items: ReadItem[] | null;
  #item: ReadItem | null = null;
  /** Of what is read now, in the file. */
  #offset = 0;
  readonly #snippets: Snippet[] = [];
  /** One text for all directives of a name: tables are quicker to look up by a text that they know. */
  readonly #names = new Map<string, string>();

  constructor(file: SourceFile, { dialect, budget, withFindings, items }: ReadOptions) {
    this.#items = items ?? null;
    this.#at = { passage: new Passage(file, 0), base: 0 };
    this.#dialect = dialect;
    this.#watch = new MacroWatch(dialect);
    this.#macros = new MacroTable({ at: this.#at, dialect, budget, witness: withFindings ? this : null });
  }

  declarations(): Pick<ReadSource, 'snippets' | 'everySnippet' | 'macros' | 'valuesOfMacro' | 'builder'> {
    const snippets = new Map(this.#snippets.map((snippet) => [snippet.name, snippet]));
    const valuesOfMacro = this.#valuesOfMacro;
    return { snippets, everySnippet: this.#snippets, macros: this.#watch, valuesOfMacro, builder: this };
  }

  /** What is read now stands at `offset` in a later text of the file; its macros are told to `items` alone. */
  readOn(file: SourceFile, offset: number, items: ReadItem[]): void {
    this.#watch = new MacroWatch(this.#dialect);
    this.#items = items;
    this.#offset = offset;
    this.#at.passage = new Passage(file, offset);
    this.#at.base = 0;
  }

  begins(token: Token): void {
    if (this.#items === null) return;
    const { file } = this.#at.passage;
    const offset = this.#offset;
    const isFirst = this.#items.length === 0;
    const start = isFirst ? offset : file.text.lastIndexOf('\n', offset + startOf(token) - 1) + 1;
    this.#at.passage = new Passage(file, start);
    this.#at.base = start - offset;
    this.#item = new ReadItem(this.#at.passage);
    this.#items.push(this.#item);
  }

  used(name: string, argument: Argument, isWhole: boolean, isDefined: boolean): void {
    this.#watch.used(name, argument, isWhole, isDefined);
    this.#item?.macros.push({ kind: 'used', name, argument, isWhole, isDefined });
  }

  readonly #valuesOfMacro = (name: string): readonly string[] | null =>
    this.#macros.valuesOf(name)?.map(({ value }) => value) ?? null;

  directive(header: Header, block: Directive[] | null): Directive | Refused {
    this.#noteEnd(header);
    if (this.#item !== null && header.args.some(isEqualsSign)) this.#item.looksAround = true;
    const args = this.#macros.expandTokens(header.args);
    if (isRefused(args)) return args;
    const refused = this.#expandBlockAgain(block);
    if (refused !== null) return refused;
    const { passage, base } = this.#at;
    const from = startOf(header.token) - base;
    const vanished = this.#macros.vanishing(header.args);
    const written = {
      passage,
      from,
      nameTo: from + header.token.image.length,
      to: endOf(header.last) - base,
      vanished,
    };
    const directive = new Directive(this.#nameOf(header), args, block, written, null);
    directive.unsettled = unsettledIn(directive);
    if (directive.unsettled !== null) directive.mayBorrow = true;
    return directive;
  }

  /** What is complete last is the item itself. */
  #noteEnd({ last }: Header): void {
    if (this.#item !== null) this.#item.end = endOf(last) - this.#at.base;
  }

  #nameOf({ name }: Header): string {
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    this.#names.set(name, name);
    return name;
  }

  macro(header: Header, block: Directive[] | null): Refused | null {
    this.#noteEnd(header);
    if (wholeReference(header.name) !== null) {
      const text = "can't use macro argument as directive name";
      return {
        refused: {
          code: macroNamedByMacro,
          message: `the name of a macro cannot be ${header.name}`,
          text,
          form: 'line',
        },
      };
    }
    const values = this.#macros.expandTokens(header.args.slice(1));
    if (isRefused(values)) return values;
    const refused = this.#expandBlockAgain(block);
    if (refused !== null) return refused;
    this.#macros.declare(header.name, values);
    const at = this.#spanOf(header.token);
    this.#watch.declared(header.name, at.place);
    this.#item?.macros.push({ kind: 'declared', name: header.name, at });
    if (this.#item !== null && !header.token.image.startsWith('$(')) this.#item.looksAround = true;
    return null;
  }

  snippet(header: Header, body: readonly Directive[]): void {
    this.#noteEnd(header);
    const { passage, from, to } = this.#spanOf(header.token);
    this.#snippets.push(new Snippet(header.name, passage, from, to, body));
  }

  #spanOf(token: Token): Span {
    const { passage, base } = this.#at;
    return new Span(passage, startOf(token) - base, endOf(token) - base);
  }

  /** maddy runs over a block's content once more when the block ends: values that became references are expanded now. */
  #expandBlockAgain(block: readonly Directive[] | null): Refused | null {
    if (block === null) return null;
    for (const child of block) {
      if (child.unsettled === null) continue;
      for (const directive of child.unsettled) {
        const refused = this.#macros.expandAgain(directive);
        if (refused !== null) return refused;
      }
    }
    return null;
  }
}

const isEqualsSign = (token: Token): boolean => tokenValue(token) === '=';

function unsettledIn(directive: Directive): Directive[] | null {
  let unsettled: Directive[] | null = null;
  if (directive.block !== null) {
    for (const child of directive.block) {
      if (child.unsettled === null) continue;
      for (const inner of child.unsettled) {
        if (!looksUnsettled(inner)) continue;
        unsettled ??= [];
        unsettled.push(inner);
      }
      child.unsettled = null;
    }
  }
  if (!looksUnsettled(directive)) return unsettled;
  unsettled ??= [];
  unsettled.push(directive);
  return unsettled;
}

function looksUnsettled(directive: Directive): boolean {
  for (const { value } of directive.args) if (refersToMacros(value)) return true;
  return false;
}
