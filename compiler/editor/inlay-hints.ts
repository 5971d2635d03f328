import type { Range } from '../../grammar/range.ts';
import { endOf, startOf, type Token, tokenValue } from '../../grammar/tokens.ts';
import type { DirectiveNode } from '../../grammar/tree.ts';
import { globals } from '../catalog/globals.ts';
import { blocksOf } from './declarations.ts';
import type { EditorDocument } from './editor-document.ts';
import { type MacroLookup, macroLookup } from './macro-values.ts';
import type { Meaning } from './meaning.ts';
import { macrosIn } from './name-at.ts';
import { findBlocks } from './references.ts';
import type { Project } from './scopes.ts';
import { walkDirectives } from './walk.ts';

export interface InlayHint {
  readonly at: number;
  readonly text: string;
  readonly kind: 'value' | 'module' | 'inherited';
  /** Markdown. */
  readonly tooltip: string;
}

const longest = 60;

/**
 * What is not written where it counts: values of macros, the module behind a reference, and global settings that a block
 * takes over.
 */
export function inlayHints(project: Project, document: EditorDocument, within: Range): readonly InlayHint[] {
  const hints: InlayHint[] = [];
  const modules = new Map(
    findBlocks(project, document, null)
      .toReversed()
      .map(({ block }) => [block.name, block.module.name]),
  );
  const valuesOf = macroLookup(document);
  const inherited = globalValues(document, valuesOf);
  walkDirectives(project, document, ({ node, meaning }) => {
    if (startOf(node.name) >= within.end) return false;
    if (meaning?.kind !== 'macro') addValues(node, within, valuesOf, modules, hints);
    addInherited(node, meaning, inherited, within, hints);
    return undefined;
  });
  return hints;
}

function addValues(
  node: DirectiveNode,
  within: Range,
  valuesOf: MacroLookup,
  modules: ReadonlyMap<string, string>,
  hints: InlayHint[],
): void {
  for (const token of node.args) {
    const at = endOf(token);
    if (at < within.start || startOf(token) > within.end) continue;
    for (const { name, range } of macrosIn(token)) {
      // Beside the macro itself: at the end of a longer word it would seem to be the value of the word.
      const text = clip(valuesOf(name)?.join(' ') ?? '');
      if (text !== '')
        hints.push({ at: range.end, text: `= ${text}`, kind: 'value', tooltip: `\`$(${name})\` stands for this.` });
    }
    const word = tokenValue(token);
    const module = word.startsWith('&') ? modules.get(word.slice(1)) : undefined;
    if (module !== undefined)
      hints.push({ at, text: `: ${module}`, kind: 'module', tooltip: `The module of \`${word}\`.` });
  }
}

/** Global settings of the text, as they are written last, with the values of macros. */
function globalValues(document: EditorDocument, valuesOf: MacroLookup): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const node of document.tree().items) {
    if (node.kind !== 'directive' || node.block !== null) continue;
    const name = tokenValue(node.name);
    if (Object.hasOwn(globals.directives, name))
      values.set(name, node.args.map((token) => withValues(token, valuesOf)).join(' '));
  }
  return values;
}

function withValues(token: Token, valuesOf: MacroLookup): string {
  return macrosIn(token).reduce(
    (text, { name }) => text.replaceAll(`$(${name})`, (macro) => valuesOf(name)?.join(' ') ?? macro),
    token.image,
  );
}

function addInherited(
  node: DirectiveNode,
  meaning: Meaning | null,
  values: ReadonlyMap<string, string>,
  within: Range,
  hints: InlayHint[],
): void {
  if (meaning?.kind !== 'block' || node.block === null || node.block.open.image === '') return;
  const at = endOf(node.block.open);
  if (at < within.start || at > within.end) return;
  const own = new Set(
    blocksOf(node).flatMap(({ items }) =>
      items.flatMap((item) => (item.kind === 'directive' ? tokenValue(item.name) : [])),
    ),
  );
  const taken = Object.entries(meaning.module.directives).flatMap(([name, row]) => {
    const value = row.inheritsGlobal === true && !own.has(name) ? values.get(name) : undefined;
    return value === undefined ? [] : [`${name} ${value}`.trim()];
  });
  if (taken.length === 0) return;
  const tooltip = 'These global settings count here, too, since the block does not set them.';
  hints.push({ at, text: clip(taken.join('; ')), kind: 'inherited', tooltip });
}

function clip(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length <= longest ? line : `${line.slice(0, longest - 1)}…`;
}
