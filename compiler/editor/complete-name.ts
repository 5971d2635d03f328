import { hasImports } from '../../grammar/dialect.ts';
import { tokenValue } from '../../grammar/tokens.ts';
import type { DirectiveNode, Item } from '../../grammar/tree.ts';
import { allModules, knows, lookUpModule, shortName } from '../catalog/catalog.ts';
import type { BodySpec, DirectiveSpec, ModuleSpec } from '../catalog/define.ts';
import { interfaces, type WantedInterface } from '../catalog/interfaces.ts';
import {
  exclude,
  findPipelineDirective,
  lackedDefault,
  type PipelineContext,
  type PipelineDirective,
  pipelineDirectives,
} from '../catalog/pipeline.ts';
import { blocksOf } from './declarations.ts';
import { describeModule, describeRouting, describeSetting } from './describe.ts';
import type { EditorDocument } from './editor-document.ts';
import { insertBlock, insertRouting, insertSetting, insertUse } from './insertion.ts';
import { type Scope, wantedBy } from './meaning.ts';
import { referencesFor, undefinedMacros, undefinedSnippets } from './references.ts';
import type { Project } from './scopes.ts';
import { choice, escapeSnippet, placeholder } from './snippet-text.ts';
import type { Suggestion } from './suggestion.ts';
import { distanceFrom, isAboutLogging } from './suggestion-order.ts';

/** Names of directives for a place in a block; `node` is the directive whose name is being changed, if there is one. */
export function completeName(
  project: Project,
  document: EditorDocument,
  scope: Scope,
  ancestors: readonly DirectiveNode[],
  node: DirectiveNode | null,
): readonly Suggestion[] {
  // What follows a name that is only exchanged stays as it is.
  const isBare = node === null || (node.args.length === 0 && node.block === null);
  const begun = node === null ? '' : tokenValue(node.name);
  if (/^(?:\$|\()/.test(begun)) {
    if (ancestors.length > 0) return [];
    return undeclared(project, document, begun.startsWith('$') ? 'macro' : 'snippet').map((each) =>
      isBare ? each : { ...each, insert: escapeSnippet(each.label) },
    );
  }
  const around = ancestors.at(-1);
  const siblings: readonly Item[] =
    around === undefined ? document.tree().items : blocksOf(around).flatMap(({ items }) => items);
  const used = new Set<string>();
  for (const item of siblings) if (item.kind === 'directive' && item !== node) used.add(tokenValue(item.name));

  const suggestions: Suggestion[] = [];
  const { table, pipeline } = scope;
  if (pipeline !== null) suggestions.push(...routing(project, document, pipeline, used));
  if (table !== null) {
    // Within a rank the order is this one: what listens stands before the settings that all of it shares.
    suggestions.push(...modules(document, table));
    suggestions.push(...settings(project, document, table, scope.where, used));
  }
  if (hasImports(document.dialect)) suggestions.push(...general());
  if (!isBare) return suggestions.map((each) => ({ ...each, insert: escapeSnippet(each.label) }));
  return ancestors.length === 0 ? [...suggestions, ...declarations(project, document)] : suggestions;
}

function settings(
  project: Project,
  document: EditorDocument,
  table: BodySpec,
  where: string,
  used: ReadonlySet<string>,
): Suggestion[] {
  const suggestions: Suggestion[] = [];
  for (const [name, row] of Object.entries<DirectiveSpec>(table.directives)) {
    if (!knows(row, document.dialect) || (used.has(name) && row.repeatable === undefined)) continue;
    const isDeprecated = row.deprecated !== undefined;
    const isMissing = row.required === true && row.inheritsGlobal !== true && !used.has(name);
    suggestions.push({
      label: name,
      kind: 'setting',
      detail: isMissing ? 'required' : null,
      insert: insertSetting(name, row, referencesFor(project, document, wantedBy(row))),
      rank: isDeprecated ? 'deprecated' : isMissing ? 'missing' : isAboutLogging(name) ? 'other' : 'fitting',
      isDeprecated,
      documentation: () => describeSetting(name, row, where, table),
    });
  }
  return suggestions;
}

function routing(
  project: Project,
  document: EditorDocument,
  pipeline: PipelineContext,
  used: ReadonlySet<string>,
): Suggestion[] {
  const suggestions: Suggestion[] = [];
  // A rule that decides nothing is an error.
  const isUndecided = pipeline === 'destination' && ![...used].some((name) => findPipelineDirective(name)?.handles);
  const lacked = lackedDefault(used);
  for (const [name, row] of Object.entries<PipelineDirective>(pipelineDirectives)) {
    if (!row.contexts.includes(pipeline) || (used.has(name) && !row.repeatable)) continue;
    const excluding = [...used].find((other) => exclude(name, other));
    const isMissing = name === lacked || (isUndecided && row.handles === true);
    suggestions.push({
      label: name,
      kind: 'routing',
      detail: excluding === undefined ? null : `not beside ${excluding}`,
      insert: insertRouting(row, referencesFor(project, document, row.expects ?? null)),
      rank: excluding !== undefined ? 'refused' : isMissing ? 'missing' : 'fitting',
      isDeprecated: false,
      documentation: () => describeRouting(name, row),
    });
  }
  return suggestions;
}

/** Modules whose names are directives here: blocks of the top level, members of a group. */
function modules(document: EditorDocument, table: BodySpec): Suggestion[] {
  const policy = table.unknown;
  if (policy === 'module_block') {
    return [...allModules()]
      .filter((module) => knows(module, document.dialect) && module.kind !== 'other')
      .map((module) =>
        suggestion(module.name, module, insertBlock(module), module.kind === 'endpoint' ? 'fitting' : 'other'),
      );
  }
  if (typeof policy !== 'object' || !('modules' in policy)) return [];
  return moduleWords(policy.modules, document).map(([word, module]) =>
    suggestion(word, module, insertUse(word, module), 'fitting'),
  );
}

/** Modules that fit a place, each by the word that names it there. */
export function moduleWords(
  expects: WantedInterface,
  { dialect }: EditorDocument,
): readonly (readonly [string, ModuleSpec])[] {
  const { namespace } = interfaces[expects];
  const found: (readonly [string, ModuleSpec])[] = [];
  for (const module of allModules()) {
    if (!module.implements.includes(expects) || !knows(module, dialect)) continue;
    const word = namespace !== '' && module.name.startsWith(`${namespace}.`) ? shortName(module) : module.name;
    if (lookUpModule(word, namespace, dialect) === module) found.push([word, module]);
  }
  return found.sort(([wordA, a], [wordB, b]) => {
    const difference = distanceFrom(expects, a) - distanceFrom(expects, b);
    return difference !== 0 ? difference : wordA < wordB ? -1 : 1;
  });
}

function suggestion(label: string, module: ModuleSpec, insert: string, rank: Suggestion['rank']): Suggestion {
  const isDeprecated = module.deprecated !== undefined;
  return {
    label,
    kind: 'module',
    detail: label === module.name ? null : module.name,
    insert,
    rank: isDeprecated ? 'deprecated' : rank,
    isDeprecated,
    documentation: () => describeModule(module),
  };
}

const entry = (label: string, insert: string, documentation: string, detail: string | null = null): Suggestion => ({
  label,
  kind: 'name',
  detail,
  insert,
  rank: 'general',
  isDeprecated: false,
  documentation: () => documentation,
});

/** What may stand in any block. */
function general(): readonly Suggestion[] {
  return [
    entry('import', `import ${choice(1, [])}`, 'Puts in the content of a snippet of this file, or of another file.'),
  ];
}

const macroWords = 'Declares a macro: `$(name)` stands for its values from here on, in this file.';
const snippetWords = 'Declares a snippet: `import name` puts its lines in.';

/** What may stand only at the top level of a file. */
function declarations(project: Project, document: EditorDocument): readonly Suggestion[] {
  const macros = [
    ...undeclared(project, document, 'macro'),
    entry('$(…)', `\\$(${placeholder(1, 'name')}) = ${placeholder(2, 'value')}`, macroWords),
  ];
  if (!hasImports(document.dialect)) return macros;
  return [
    ...macros,
    ...undeclared(project, document, 'snippet'),
    entry('(…)', `(${placeholder(1, 'name')}) {\n    $0\n}`, snippetWords),
  ];
}

/** Names that are used, but not declared. */
function undeclared(project: Project, document: EditorDocument, kind: 'macro' | 'snippet'): readonly Suggestion[] {
  const detail = 'used, but not declared';
  return kind === 'macro'
    ? undefinedMacros(document).map((name) =>
        entry(`$(${name})`, `${escapeSnippet(`$(${name})`)} = ${placeholder(1, 'value')}`, macroWords, detail),
      )
    : undefinedSnippets(project, document).map((name) =>
        entry(`(${name})`, `(${escapeSnippet(name)}) {\n    $0\n}`, snippetWords, detail),
      );
}
