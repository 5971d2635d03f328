import { BYTE_ORDER_MARK } from '../../grammar/characters.ts';
import type { Dialect } from '../../grammar/dialect.ts';
import type { Finding } from '../../grammar/finding.ts';
import { findInText } from '../../grammar/findings/text-findings.ts';
import { type Lexed, lex } from '../../grammar/lexer.ts';
import { readTolerantly } from '../../grammar/parse.ts';
import type { Range } from '../../grammar/range.ts';
import { readFaithfully } from '../../grammar/reader.ts';
import { macroNamedByMacro } from '../../grammar/reader-codes.ts';
import { type Refusal, refusalText } from '../../grammar/refusal.ts';
import { isClosed } from '../../grammar/scanners.ts';
import { ENDS, type Header, type Refused, role, type StructureActions } from '../../grammar/structure.ts';
import { endOf, isQuoted, LineBreak, startOf, type Token, tokenValue } from '../../grammar/tokens.ts';
import type { SourceFile } from '../source/source-file.ts';
import { Passage, Span } from '../source/span.ts';
import type { Budget } from './budget.ts';
import { type Argument, Directive } from './directive.ts';
import type { Comment } from './expand.ts';
import { MacroWatch } from './findings/macro-findings.ts';
import { isRefused, MacroTable, type MacroWitness, type ReadingPlace } from './macros.ts';
import { ReadItem } from './read-item.ts';
import { refersToMacros, wholeReference } from './substitution.ts';

/** A snippet as declared, at its name: its body is raw, imports in it are resolved where it is used. */
export class Snippet extends Span {
  readonly name: string;
  readonly body: readonly Directive[];

  constructor(name: string, passage: Passage, from: number, to: number, body: readonly Directive[]) {
    super(passage, from, to);
    this.name = name;
    this.body = body;
  }
}

export interface ReadSource {
  readonly file: SourceFile;
  readonly comments: readonly Comment[];
  /** Where the last token starts that is no line break; null without one. */
  readonly lastToken: number | null;
  /** With macros expanded; imports still stand in the tree. What could be made of it, when it is refused. */
  readonly directives: readonly Directive[];
  /** By name the one that counts: the last. */
  readonly snippets: ReadonlyMap<string, Snippet>;
  readonly everySnippet: readonly Snippet[];
  readonly refusal: Refusal | null;
  /** Lexical and structural findings, and the causes of the refusal. */
  readonly findings: readonly Finding[];
  readonly macros: MacroWatch;
  /** As they stand at the end of the file; null: not declared here. */
  readonly valuesOfMacro: (name: string) => readonly string[] | null;
  readonly builder: DirectiveBuilder;
}

export interface ReadOptions {
  readonly dialect: Dialect;
  readonly budget: Budget;
  /** False where only the result is wanted. */
  readonly withFindings: boolean;
  /** Takes the items of the top level, which are passages of their own then; without it the file is one passage. */
  readonly items?: ReadItem[] | undefined;
}

/** Reads one file by itself: steps 1 and 2 of language section 0. */
export function readSource(file: SourceFile, options: ReadOptions): ReadSource {
  const lexed = lex(file.text);
  const builder = new DirectiveBuilder(file, options);
  const { nodes, refusal, roles } = readFaithfully(lexed, options.dialect, builder);
  if (refusal !== null) return readRefused(file, lexed, refusal, options);
  const findings = options.withFindings ? findInText(lexed, roles, options.dialect) : [];
  return { file, ...besideTree(lexed), directives: nodes, refusal, findings, ...builder.declarations() };
}

function besideTree({ tokens, comments }: Lexed): Pick<ReadSource, 'comments' | 'lastToken'> {
  const last = tokens.findLast(({ tokenTypeIdx }) => tokenTypeIdx !== LineBreak.tokenTypeIdx);
  return { comments: commentsIn(comments), lastToken: last === undefined ? null : startOf(last) };
}

function commentsIn(tokens: Lexed['comments']): readonly Comment[] {
  return tokens.map((token) => ({ start: startOf(token), text: token.image }));
}

/** What stands between two places in a file; offsets of comments and findings are those in the part. */
export interface ReadPart {
  readonly directives: readonly Directive[];
  readonly items: readonly ReadItem[];
  readonly comments: readonly Comment[];
  readonly findings: readonly Finding[];
}

/**
 * Reads whole lines as `builder` would have gone on to read them behind all that it has read. Null when they are refused, or
 * when their last text or line goes on behind them.
 */
export function readPart(
  builder: DirectiveBuilder,
  file: SourceFile,
  { start, end }: Range,
  { dialect, withFindings }: ReadOptions,
): ReadPart | null {
  const text = file.text.slice(start, end);
  // Only at the start of the file it is no character like others.
  if (start > 0 && text.charCodeAt(0) === BYTE_ORDER_MARK) return null;
  const lexed = lex(text);
  if (endsInQuotes(lexed)) return null;
  const items: ReadItem[] = [];
  builder.readOn(file, start, items);
  const { nodes, refusal, roles } = readFaithfully(lexed, dialect, builder);
  if (refusal !== null || joinsNext(lexed, roles)) return null;
  const findings = withFindings ? findInText(lexed, roles, dialect) : [];
  return { directives: nodes, items, comments: commentsIn(lexed.comments), findings };
}

/** The last line goes on below. */
function joinsNext({ tokens }: Lexed, roles: Uint8Array): boolean {
  const last = tokens.findLastIndex(({ tokenTypeIdx }) => tokenTypeIdx !== LineBreak.tokenTypeIdx);
  return ((roles[last] ?? role.none) & ~ENDS) === role.join;
}

function endsInQuotes({ tokens, comments }: Lexed): boolean {
  const last = tokens.at(-1);
  return (
    (last !== undefined && isQuoted(last) && !isClosed(last.image)) || comments.at(-1)?.image.startsWith('"') === true
  );
}

/** Everything that can be made of a text that the reference refuses. */
function readRefused(file: SourceFile, lexed: Lexed, refusal: Refusal, options: ReadOptions): ReadSource {
  const builder = new DirectiveBuilder(file, { ...options, items: undefined });
  const recovered = readTolerantly(lexed, options.dialect, builder);
  const { tokens, structure } = recovered;
  const { text, comments } = recovered.lexed;
  const silent = options.withFindings ? findInText({ text, tokens, comments }, structure.roles, options.dialect) : [];
  return {
    file,
    ...besideTree(lexed),
    directives: structure.nodes,
    refusal,
    findings: [...recovered.findings, ...silent],
    ...builder.declarations(),
  };
}

/** Builds directives in the order in which maddy completes them, macros expanded on the way. */
export class DirectiveBuilder implements StructureActions<Directive>, MacroWitness {
  readonly #at: ReadingPlace;
  readonly #macros: MacroTable;
  readonly #watch: MacroWatch;
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
    this.#watch = new MacroWatch(dialect);
    this.#macros = new MacroTable({ at: this.#at, dialect, budget, witness: withFindings ? this : null });
  }

  declarations(): Pick<ReadSource, 'snippets' | 'everySnippet' | 'macros' | 'valuesOfMacro' | 'builder'> {
    const snippets = new Map(this.#snippets.map((snippet) => [snippet.name, snippet]));
    const valuesOfMacro = this.#valuesOfMacro;
    return { snippets, everySnippet: this.#snippets, macros: this.#watch, valuesOfMacro, builder: this };
  }

  /** What is read now stands at `offset` in a later text of the file. */
  readOn(file: SourceFile, offset: number, items: ReadItem[]): void {
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

/** maddy's message, in full. */
export function sourceRefusalText(source: ReadSource, dialect: Dialect): string | null {
  const { refusal, file } = source;
  return refusal === null ? null : refusalText(refusal, dialect, file.path, file.text);
}
