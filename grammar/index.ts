/** The door of the language: what a text says, whatever is wrong with it. Knows no mail. */
export type { Code, Severity } from './code.ts';
export { grammarCodes } from './codes.ts';
export { type Dialect, detectDialect, dialectNamed, dialectOfComment, dialects } from './dialect.ts';
export { byteOffset, decodeText, encodeText } from './encoding.ts';
export type { Edit, Finding, SyntaxFix } from './finding.ts';
export { findInText } from './findings/text-findings.ts';
export { format, formatTree } from './format/format.ts';
export { type Lexed, lex } from './lexer.ts';
export { parse, readTolerantly, type SyntaxTree, type TolerantReading } from './parse.ts';
export type { Range } from './range.ts';
export { type FaithfulReading, readFaithfully } from './reader.ts';
export { type Refusal, refusalText } from './refusal.ts';
export type { Header, Refused, StructureActions } from './structure.ts';
export { endOf, isQuoted, startOf, type Token, tokenValue } from './tokens.ts';
export {
  type BlockNode,
  type DirectiveNode,
  type DirectivePart,
  type Item,
  printTree,
  rangeOf,
  type StrayNode,
  visitTokens,
} from './tree.ts';
