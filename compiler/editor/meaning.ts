import type { Dialect } from '../../grammar/dialect.ts';
import { tokenValue } from '../../grammar/tokens.ts';
import type { DirectiveNode } from '../../grammar/tree.ts';
import { blocks, isBlockName } from '../catalog/blocks.ts';
import { findModule, knows, lookUpModule } from '../catalog/catalog.ts';
import type { BlockSpec, BodySpec, DirectiveSpec, ModuleSpec } from '../catalog/define.ts';
import { globals } from '../catalog/globals.ts';
import { type InterfaceSpec, interfaces, type WantedInterface } from '../catalog/interfaces.ts';
import { findPipelineDirective, type PipelineContext, type PipelineDirective } from '../catalog/pipeline.ts';
import { macroNameOf, snippetNameOf } from './declarations.ts';

/** What may stand in a block. */
export interface Scope {
  /** The table of its directives; null where there is only the pipeline language. */
  readonly table: BodySpec | null;
  readonly pipeline: PipelineContext | null;
  /** Where its directives stand, for people: "in target.lmtp", "at the top level". */
  readonly where: string;
}

export const topLevel: Scope = { table: globals, pipeline: null, where: 'at the top level' };

/** What a directive stands for at its place: the rows of the catalog behind it. */
export type Meaning =
  | { readonly kind: 'macro' | 'snippet'; readonly name: string }
  | { readonly kind: 'import' }
  | { readonly kind: 'setting'; readonly name: string; readonly row: DirectiveSpec; readonly use: ModuleUse | null }
  | { readonly kind: 'routing'; readonly name: string; readonly row: PipelineDirective; readonly use: ModuleUse | null }
  /** A block of the top level: the directive's name is its module. */
  | { readonly kind: 'block'; readonly module: ModuleSpec }
  /** A module of a group: again the directive's name. */
  | { readonly kind: 'member'; readonly use: ModuleUse }
  /** A DNS list, whose name is a zone. */
  | { readonly kind: 'zone'; readonly block: BlockSpec }
  | { readonly kind: 'unknown' };

/** A module that is written in place, with the arguments that are its own. */
export interface ModuleUse {
  readonly module: ModuleSpec;
  /** Index of its first argument in the directive. */
  readonly from: number;
  /** A module whose arguments and block are those of another one (`replace_rcpt file …`): that one. */
  readonly inner: ModuleUse | null;
}

export function meaningOf(node: DirectiveNode, scope: Scope, dialect: Dialect): Meaning {
  const name = tokenValue(node.name);
  const macro = macroNameOf(name);
  if (macro !== null) return { kind: 'macro', name: macro };
  const snippet = snippetNameOf(name);
  if (snippet !== null) return { kind: 'snippet', name: snippet };
  if (name === 'import') return { kind: 'import' };
  const { args } = node;
  const { table, pipeline } = scope;
  if (table !== null) {
    const row = rowOf(table, name, dialect);
    if (row !== undefined) {
      const expects = wantedBy(row);
      return {
        kind: 'setting',
        name,
        row,
        use: expects === null ? null : useAt(expects, args.map(tokenValue), 0, dialect, row.implies),
      };
    }
    const policy = table.unknown;
    if (policy === 'module_block') {
      const module = findModule(name);
      if (module !== undefined && knows(module, dialect)) return { kind: 'block', module };
    } else if (typeof policy === 'object' && 'modules' in policy) {
      const module = lookUpModule(name, interfaces[policy.modules].namespace, dialect);
      if (module !== undefined) return { kind: 'member', use: useOf(module, args.map(tokenValue), 0, dialect) };
    } else if (typeof policy === 'object' && 'block' in policy) {
      return { kind: 'zone', block: blocks[policy.block] };
    }
  }
  const row = pipeline === null ? undefined : findPipelineDirective(name);
  if (row === undefined || pipeline === null || !row.contexts.includes(pipeline)) return { kind: 'unknown' };
  const use = row.expects === undefined ? null : useAt(row.expects, args.map(tokenValue), 0, dialect);
  return { kind: 'routing', name, row, use };
}

/** The kind of module that a setting takes; of TLS settings it is the source of certificates. */
export function wantedBy(row: DirectiveSpec): WantedInterface | null {
  return row.type === 'tls_server' ? 'tls_loader' : (row.expects ?? null);
}

export function rowOf(table: BodySpec, name: string, dialect: Dialect): DirectiveSpec | undefined {
  const row = Object.hasOwn(table.directives, name) ? table.directives[name] : undefined;
  return row !== undefined && knows(row, dialect) ? row : undefined;
}

/** The module that a place names; a bare group directive makes its group. Null for references and unknown names. */
function useAt(
  expects: WantedInterface,
  words: readonly string[],
  at: number,
  dialect: Dialect,
  implied?: string,
): ModuleUse | null {
  const wanted: InterfaceSpec = interfaces[expects];
  const word = words[at];
  const own = implied ?? (word === undefined ? wanted.group : undefined);
  if (own !== undefined) {
    const module = findModule(own);
    return module === undefined ? null : useOf(module, words, at, dialect);
  }
  const module = word === undefined ? undefined : lookUpModule(word, wanted.namespace, dialect);
  return module === undefined ? null : useOf(module, words, at + 1, dialect);
}

function useOf(module: ModuleSpec, words: readonly string[], from: number, dialect: Dialect): ModuleUse {
  const { inlineArgs } = module;
  const inner =
    inlineArgs.rule === 'module' && from < words.length ? useAt(inlineArgs.expects, words, from, dialect) : null;
  return { module, from, inner };
}

/** What may stand in the directive's block; null when that is not known, as in a snippet. */
export function scopeInside(meaning: Meaning): Scope | null {
  switch (meaning.kind) {
    case 'block':
      return scopeOfModule(meaning.module);
    case 'member':
      return scopeOfUse(meaning.use);
    case 'zone':
      return scopeOfBlock(meaning.block);
    case 'setting':
      if (meaning.row.type === 'pipeline') return pipelineScope('root', meaning.name);
      if (isBlockName(meaning.row.type)) return scopeOfBlock(blocks[meaning.row.type]);
      return scopeOfUse(meaning.use);
    case 'routing': {
      const { block } = meaning.row;
      if (block === 'members' || block === 'module') return scopeOfUse(meaning.use);
      return block === 'none' ? null : pipelineScope(block, meaning.name);
    }
    case 'macro':
    case 'snippet':
    case 'import':
    case 'unknown':
      return null;
  }
}

function scopeOfUse(use: ModuleUse | null): Scope | null {
  return use === null ? null : use.inner === null ? scopeOfModule(use.module) : scopeOfUse(use.inner);
}

export function scopeOfModule(module: ModuleSpec): Scope {
  return { table: module, pipeline: module.unknown === 'pipeline' ? 'root' : null, where: `in ${module.name}` };
}

function scopeOfBlock(block: BlockSpec): Scope {
  return { table: block, pipeline: null, where: `in ${block.name}` };
}

function pipelineScope(pipeline: PipelineContext, owner: string): Scope {
  return { table: null, pipeline, where: `in ${owner}` };
}
