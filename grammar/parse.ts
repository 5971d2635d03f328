import type { Dialect } from './dialect.ts';
import type { Finding } from './finding.ts';
import { layOut } from './layout.ts';
import { type Lexed, lex } from './lexer.ts';
import { buildTree } from './parser.ts';
import { hasRunawayQuote, recover } from './recovery.ts';
import { isStructural, readStructure, type Structure, type StructureActions } from './structure.ts';
import { rulesOf, type StructureRules } from './structure-rules.ts';
import type { Token } from './tokens.ts';
import type { Item } from './tree.ts';
import { violationFindings } from './violation-findings.ts';

/** A text with everything in it, whatever is wrong with it. */
export interface SyntaxTree {
  readonly text: string;
  readonly items: readonly Item[];
  /** Comments, and a lone quote at the end of the text, in order. */
  readonly comments: readonly Token[];
  /** What the reference refuses, all of it and at its cause; empty for a text that it reads. */
  readonly findings: readonly Finding[];
}

const noNodes: StructureActions<null> = { directive: () => null, macro: () => null, snippet: () => {} };

/** The lossless tree of a text. Where the reference reads it, the tree says the same; elsewhere what was most likely meant. */
export function parse(text: string, dialect: Dialect = 'maddy'): SyntaxTree {
  const lexed = lex(text);
  const rules = rulesOf(dialect);
  const first = readStructure(lexed.tokens, rules, noNodes, 'structural');
  const reading = isMisread(first, lexed) ? readRepaired(lexed, rules, noNodes) : asWritten(lexed, first);
  const items = buildTree(layOut(reading.tokens, reading.structure));
  return { text, items, comments: reading.lexed.comments, findings: reading.findings };
}

export interface TolerantReading<Node> {
  readonly lexed: Lexed;
  /** As lexed, or with repairs. */
  readonly tokens: readonly Token[];
  readonly structure: Structure<Node>;
  readonly findings: readonly Finding[];
}

/** Reads all of a text: as the reference where that goes, after repairs where braces or quotes do not match. */
export function readTolerantly<Node>(
  lexed: Lexed,
  dialect: Dialect,
  actions: StructureActions<Node>,
): TolerantReading<Node> {
  const rules = rulesOf(dialect);
  const first = readStructure(lexed.tokens, rules, noNodes, 'structural');
  if (isMisread(first, lexed)) return readRepaired(lexed, rules, actions);
  return asWritten(lexed, readStructure(lexed.tokens, rules, actions, 'structural'));
}

const isMisread = ({ violations }: Structure<null>, lexed: Lexed): boolean =>
  violations.some(({ kind }) => isStructural[kind]) || (violations.length > 0 && hasRunawayQuote(lexed));

function readRepaired<Node>(
  broken: Lexed,
  rules: StructureRules,
  actions: StructureActions<Node>,
): TolerantReading<Node> {
  const { lexed, tokens, findings } = recover(broken);
  const structure = readStructure(tokens, rules, actions, 'lenient');
  return { lexed, tokens, structure, findings: inOrder([...findings, ...violationFindings(structure.violations)]) };
}

function asWritten<Node>(lexed: Lexed, structure: Structure<Node>): TolerantReading<Node> {
  return { lexed, tokens: lexed.tokens, structure, findings: inOrder(violationFindings(structure.violations)) };
}

const inOrder = (findings: Finding[]): Finding[] => findings.sort((a, b) => a.range.start - b.range.start);
