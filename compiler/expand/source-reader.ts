import { BYTE_ORDER_MARK } from '../../grammar/characters.ts';
import type { Dialect } from '../../grammar/dialect.ts';
import type { Finding } from '../../grammar/finding.ts';
import { findInText } from '../../grammar/findings/text-findings.ts';
import { type Lexed, lex } from '../../grammar/lexer.ts';
import { readTolerantly } from '../../grammar/parse.ts';
import type { Range } from '../../grammar/range.ts';
import { readFaithfully } from '../../grammar/reader.ts';
import { type Refusal, refusalText } from '../../grammar/refusal.ts';
import { isClosed } from '../../grammar/scanners.ts';
import { ENDS, role } from '../../grammar/structure.ts';
import { isQuoted, LineBreak, startOf } from '../../grammar/tokens.ts';
import type { SourceFile } from '../source/source-file.ts';
import { Budget } from './budget.ts';
import type { Directive } from './directive.ts';
import { DirectiveBuilder, type ReadOptions } from './directive-builder.ts';
import type { Comment } from './expand.ts';
import type { MacroWatch } from './findings/macro-findings.ts';
import type { ReadItem } from './read-item.ts';
import type { Snippet } from './snippet.ts';

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
  const text = ownCopy(file.text.slice(start, end));
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

/**
 * Memory of its own: V8 lets a part of a text, and each of its parts in turn, hold the whole text, and what is read here stays while
 * hundreds of versions of the file come and go.
 */
function ownCopy(text: string): string {
  const copy: unknown = JSON.parse(JSON.stringify(text));
  return typeof copy === 'string' ? copy : text;
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
  // What ran out is told again, at its cause.
  const budget = options.budget.isSpent ? new Budget(options.budget.limits) : options.budget;
  const builder = new DirectiveBuilder(file, { ...options, budget, items: undefined });
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

/** maddy's message, in full. */
export function sourceRefusalText(source: ReadSource, dialect: Dialect): string | null {
  const { refusal, file } = source;
  return refusal === null ? null : refusalText(refusal, dialect, file.path, file.text);
}
