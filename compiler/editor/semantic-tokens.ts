import type { Range } from '../../grammar/range.ts';
import { endOf, isQuoted, startOf, type Token, tokenValue } from '../../grammar/tokens.ts';
import type { DirectiveNode } from '../../grammar/tree.ts';
import type { EditorDocument } from './editor-document.ts';
import type { Meaning } from './meaning.ts';
import { macrosIn } from './name-at.ts';
import type { Project } from './scopes.ts';
import { walkDirectives } from './walk.ts';
import { wantedAt } from './wanted.ts';

/** Of the Language Server Protocol; editors have colours for these. */
export const tokenTypes = [
  'keyword',
  'property',
  'class',
  'variable',
  'macro',
  'function',
  'namespace',
  'string',
  'number',
  'enumMember',
  'operator',
] as const;
export type TokenType = (typeof tokenTypes)[number];

export const tokenModifiers = ['declaration', 'deprecated', 'readonly'] as const;
export type TokenModifier = (typeof tokenModifiers)[number];

export interface SemanticToken extends Range {
  readonly type: TokenType;
  readonly modifier: TokenModifier | null;
}

/** What the words of a text mean, in its order; of `within` only. Comments and braces are the grammar's, which colours them as well. */
export function semanticTokens(
  project: Project,
  document: EditorDocument,
  within: Range = { start: 0, end: document.file.text.length },
): readonly SemanticToken[] {
  const tokens: SemanticToken[] = [];
  const declared = new Set(document.declarations().blocks.map(({ token }) => token));
  walkDirectives(project, document, ({ node, meaning }) => {
    if (startOf(node.name) >= within.end) return false;
    if (node.block !== null && endOf(node.block.close) <= within.start && node.parts === null) return false;
    const name = isInside(node.name, within) ? nameKind(node, meaning, declared) : null;
    if (name !== null) {
      const { type, modifier } = name;
      tokens.push({ start: startOf(node.name), end: endOf(node.name), type, modifier });
    }
    node.args.forEach((token, index) => {
      if (isInside(token, within)) addArgument(node, meaning, index, token, declared, tokens);
    });
    return undefined;
  });
  // A `\` may let arguments stand behind a block.
  const isInOrder = tokens.every(({ start }, index) => index === 0 || start >= (tokens[index - 1]?.start ?? 0));
  return isInOrder ? tokens : tokens.sort((a, b) => a.start - b.start);
}

const isInside = (token: Token, { start, end }: Range): boolean =>
  token.image !== '' && endOf(token) > start && startOf(token) < end;

function nameKind({ name }: DirectiveNode, meaning: Meaning | null, declared: ReadonlySet<Token>): Kind | null {
  switch (meaning?.kind) {
    case 'macro':
      return { type: 'macro', modifier: 'declaration' };
    case 'snippet':
      return { type: 'function', modifier: 'declaration' };
    case 'import':
    case 'routing':
      return plain('keyword');
    case 'setting':
      return { type: 'property', modifier: meaning.row.deprecated === undefined ? null : 'deprecated' };
    case 'block':
      return { type: 'class', modifier: declared.has(name) ? 'declaration' : deprecation(meaning.module) };
    case 'member':
      return { type: 'class', modifier: deprecation(meaning.use.module) };
    case 'zone':
      return plain('string');
    default:
      return null;
  }
}

function deprecation({ deprecated }: { readonly deprecated?: string }): TokenModifier | null {
  return deprecated === undefined ? null : 'deprecated';
}

function addArgument(
  node: DirectiveNode,
  meaning: Meaning | null,
  index: number,
  token: Token,
  declared: ReadonlySet<Token>,
  tokens: SemanticToken[],
): void {
  const { type, modifier } = kindOf(node, meaning, index, token, declared);
  let at = startOf(token);
  const push = (end: number): void => {
    if (end > at) tokens.push({ start: at, end, type, modifier });
  };
  for (const { range } of macrosIn(token)) {
    push(range.start);
    tokens.push({ ...range, type: 'macro', modifier: null });
    at = range.end;
  }
  push(endOf(token));
}

interface Kind {
  readonly type: TokenType;
  readonly modifier: TokenModifier | null;
}

const plain = (type: TokenType): Kind => ({ type, modifier: null });

function kindOf(
  node: DirectiveNode,
  meaning: Meaning | null,
  index: number,
  token: Token,
  declared: ReadonlySet<Token>,
): Kind {
  const word = tokenValue(token);
  if (declared.has(token)) return { type: 'variable', modifier: 'declaration' };
  if (word.startsWith('&')) return plain('variable');
  if (meaning === null) return plain('string');
  if (meaning.kind === 'macro') return plain(index === 0 ? 'operator' : 'string');
  const wanted = wantedAt(meaning, node, index);
  switch (wanted.kind) {
    case 'module':
      return plain(wanted.words.includes(word) ? 'enumMember' : 'class');
    case 'import':
      return plain('namespace');
    case 'yes-no':
      return plain('enumMember');
    case 'reply':
      return plain(index < 2 && /^[\d.]+$/.test(word) ? 'number' : 'string');
    case 'value': {
      if (wanted.type === 'block_name') return plain('variable');
      if (isQuoted(token)) return plain('string');
      if (wanted.type === 'bool' || wanted.row?.values?.includes(word) === true) return plain('enumMember');
      return plain(/^\d+(?:\.\d+)?[a-zA-Z]{0,2}$/.test(word) ? 'number' : 'string');
    }
    default:
      return plain('string');
  }
}
