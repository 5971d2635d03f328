import { type Token, tokenValue } from '../../grammar/tokens.ts';
import type { BlockNode, DirectiveNode, Item } from '../../grammar/tree.ts';
import { findModule } from '../catalog/catalog.ts';
import type { ModuleSpec } from '../catalog/define.ts';
import { globals } from '../catalog/globals.ts';
import { directoryOf, resolvePath } from '../source/path.ts';

/** Names that a text gives to things, and what it takes from other files. */
export interface Declarations {
  readonly macros: readonly Declaration[];
  readonly snippets: readonly Declaration[];
  readonly blocks: readonly BlockDeclaration[];
  readonly imports: readonly ImportSite[];
  readonly references: readonly ReferenceSite[];
}

/** `&name`, wherever a module may stand. */
export interface ReferenceSite {
  readonly token: Token;
  readonly node: DirectiveNode;
}

export interface Declaration {
  readonly name: string;
  /** The token that carries the name: `$(name)`, `(name)`, or the name of a block. */
  readonly token: Token;
  readonly node: DirectiveNode;
}

export interface BlockDeclaration extends Declaration {
  readonly module: ModuleSpec;
}

export interface ImportSite {
  /** As written: the name of a snippet or of a file. */
  readonly name: string;
  readonly token: Token;
  readonly node: DirectiveNode;
  /** Where the file would be. */
  readonly path: string;
  /** Directives whose blocks it stands in, outermost first. */
  readonly ancestors: readonly DirectiveNode[];
}

export const macroNameOf = (name: string): string | null =>
  name.startsWith('$(') && name.endsWith(')') ? name.slice(2, -1) : null;

export const snippetNameOf = (name: string): string | null =>
  name.startsWith('(') && name.endsWith(')') ? name.slice(1, -1) : null;

export function findDeclarations(items: readonly Item[], path: string): Declarations {
  const macros: Declaration[] = [];
  const snippets: Declaration[] = [];
  const blocks: BlockDeclaration[] = [];
  for (const node of items) {
    if (node.kind === 'stray') continue;
    const word = tokenValue(node.name);
    const macro = macroNameOf(word);
    const snippet = snippetNameOf(word);
    if (macro !== null) macros.push({ name: macro, token: node.name, node });
    else if (snippet !== null) snippets.push({ name: snippet, token: node.name, node });
    else blocks.push(...blockNames(word, node));
  }
  return { macros, snippets, blocks, ...collectSites(items, directoryOf(path)) };
}

/** The first argument of a top-level block, or the module's own name, and the aliases after it (language section 13). */
function blockNames(word: string, node: DirectiveNode): BlockDeclaration[] {
  if (Object.hasOwn(globals.directives, word)) return [];
  const module = findModule(word);
  if (module === undefined || module.kind === 'endpoint') return [];
  if (node.args.length === 0) return [{ name: word, token: node.name, node, module }];
  return node.args.map((token) => ({ name: tokenValue(token), token, node, module }));
}

function collectSites(items: readonly Item[], folder: string): Pick<Declarations, 'imports' | 'references'> {
  const imports: ImportSite[] = [];
  const references: ReferenceSite[] = [];
  const ancestors: DirectiveNode[] = [];
  const visit = (node: DirectiveNode): void => {
    const [first] = node.args;
    if (first !== undefined && tokenValue(node.name) === 'import') {
      const name = tokenValue(first);
      imports.push({ name, token: first, node, path: resolvePath(folder, name), ancestors: [...ancestors] });
    }
    for (const token of node.args) if (tokenValue(token).startsWith('&')) references.push({ token, node });
    for (const block of blocksOf(node)) {
      ancestors.push(node);
      for (const item of block.items) if (item.kind === 'directive') visit(item);
      ancestors.pop();
    }
  };
  for (const item of items) if (item.kind === 'directive') visit(item);
  return { imports, references };
}

/** The block that counts, and those that a `\` let stand beside it. */
export function blocksOf(node: DirectiveNode): readonly BlockNode[] {
  if (node.parts === null) return node.block === null ? [] : [node.block];
  return node.parts.flatMap((part) => (part.kind === 'block' ? [part.block] : []));
}
