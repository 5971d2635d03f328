import type { Range } from '../../grammar/range.ts';
import { type Token, tokenValue } from '../../grammar/tokens.ts';
import type { EditorDocument } from './editor-document.ts';
import { macroAt } from './name-at.ts';
import { placeAt } from './place.ts';
import { meaningAt, type Project } from './scopes.ts';
import { wantedAt } from './wanted.ts';

export interface WordAt {
  readonly token: Token;
  /** Null: the word names nothing that is declared somewhere else. */
  readonly use: NameUse | null;
}

export type NameUse =
  /** `range` is that of `$(name)` in the word. */
  | { readonly kind: 'macro'; readonly name: string; readonly range: Range }
  /** A block, as `&name` or where a setting wants its name alone; a snippet or file after `import`. */
  | { readonly kind: 'block' | 'import'; readonly name: string };

/** The word at the offset, and what is named by it there. */
export function wordAt(project: Project, document: EditorDocument, offset: number): WordAt | null {
  const { ancestors, slot } = placeAt(document, offset);
  if (slot.kind !== 'name' && slot.kind !== 'argument') return null;
  const { token, node } = slot;
  if (token === null || node === null) return null;
  const macro = macroAt(token, offset);
  if (macro !== null) return { token, use: { kind: 'macro', ...macro } };
  if (slot.kind === 'name') return { token, use: null };
  const word = tokenValue(token);
  if (word.startsWith('&')) return { token, use: { kind: 'block', name: word.slice(1) } };
  const meant = meaningAt(project, document, ancestors, node);
  const wanted = meant === null ? null : wantedAt(meant.meaning, node, slot.index);
  if (wanted?.kind === 'import') return { token, use: { kind: 'import', name: word } };
  const isBlockName = wanted?.kind === 'value' && wanted.type === 'block_name';
  return { token, use: isBlockName ? { kind: 'block', name: word } : null };
}
