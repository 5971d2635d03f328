import { type Token, tokenValue } from '../../grammar/tokens.ts';
import type { DirectiveNode } from '../../grammar/tree.ts';
import { moduleWords } from './complete-name.ts';
import { describeBlock, describeModule, describeSnippet, describeValue, placeOf } from './describe.ts';
import type { EditorDocument } from './editor-document.ts';
import { insertUse } from './insertion.ts';
import type { Meaning } from './meaning.ts';
import { findBlocks, undefinedNames } from './references.ts';
import type { Project } from './scopes.ts';
import { escapeSnippet } from './snippet-text.ts';
import { insertsItself, type Suggestion } from './suggestion.ts';
import { distanceFrom } from './suggestion-order.ts';
import { type Choice, choicesFor, choicesOfUnit, enhancedCodes, replyCodes, replyIndex } from './value-choices.ts';
import { type Wanted, wantedAt } from './wanted.ts';

interface ArgumentPlace {
  readonly node: DirectiveNode;
  readonly index: number;
  /** What is there already. */
  readonly token: Token | null;
}

/** What may stand as argument number `index` of the directive, which stands within the ancestors. */
export function completeArgument(
  project: Project,
  document: EditorDocument,
  meaning: Meaning,
  { node, index, token }: ArgumentPlace,
  ancestors: readonly DirectiveNode[],
): readonly Suggestion[] {
  const wanted = wantedAt(meaning, node, index);
  const reply = replyIndex(wanted);
  if (reply !== null) return completeReply(reply, node, index);
  switch (wanted.kind) {
    case 'module':
      return completeModule(project, document, wanted, ancestors, index >= node.args.length - 1 && node.block === null);
    case 'value':
      return wanted.type === 'block_name' ? blockNames(project, document) : completeValue(wanted, token);
    case 'rule':
      return wanted.of === 'destination'
        ? fromChoices([{ word: 'postmaster', says: 'with or without a domain' }], null)
        : [];
    case 'yes-no':
      return fromChoices([{ word: 'yes' }, { word: 'no' }], null);
    case 'new-name':
      return undefinedNames(project, document).map((name) => ({
        ...insertsItself(name),
        kind: 'name',
        detail: `&${name} is used, but not defined`,
        rank: 'fitting',
        documentation: () => null,
      }));
    case 'import':
      return snippets(project, document);
    case 'reply':
    case 'nothing':
      return [];
  }
}

function completeModule(
  project: Project,
  document: EditorDocument,
  { expects, words }: Wanted & { readonly kind: 'module' },
  ancestors: readonly DirectiveNode[],
  isLast: boolean,
): readonly Suggestion[] {
  const blocks = findBlocks(project, document, expects)
    // What leads back to itself is an error.
    .filter(({ block }) => !ancestors.includes(block.node))
    .toSorted((a, b) => distanceFrom(expects, a.block.module) - distanceFrom(expects, b.block.module));
  return [
    ...blocks.map(
      ({ block, document: home }): Suggestion => ({
        ...insertsItself(`&${block.name}`),
        kind: 'block',
        detail: `${block.module.name}, ${placeOf(block, home)}`,
        rank: 'fitting',
        documentation: () => describeBlock(block, home),
      }),
    ),
    ...moduleWords(expects, document).map(
      ([word, module]): Suggestion => ({
        label: word,
        kind: 'module',
        detail: module.name === word ? null : module.name,
        insert: isLast ? insertUse(word, module) : escapeSnippet(word),
        rank: module.deprecated === undefined ? 'other' : 'deprecated',
        isDeprecated: module.deprecated !== undefined,
        documentation: () => describeModule(module),
      }),
    ),
    // `off`, of all that may stand here, is seldom what somebody looks for.
    ...words.map((word): Suggestion => ({ ...wordSuggestion({ word }, null), rank: 'other' })),
  ];
}

function completeValue(wanted: Wanted & { readonly kind: 'value' }, token: Token | null): readonly Suggestion[] {
  const withUnits = token === null ? [] : choicesOfUnit(wanted, tokenValue(token));
  const choices = withUnits.length > 0 ? withUnits : choicesFor(wanted);
  return fromChoices(choices, describeValue(wanted.name, wanted.doc, wanted.row));
}

/** RFC 3463: the first digit of an enhanced code is that of the reply code. */
function completeReply(reply: number, node: DirectiveNode, index: number): readonly Suggestion[] {
  if (reply === 0) return fromChoices(replyCodes, null);
  const before = node.args[index - 1];
  const [category = '5'] = before === undefined ? [] : tokenValue(before);
  return reply === 1
    ? fromChoices(
        enhancedCodes.map(({ word, ...rest }) => ({ word: `${category}.${word}`, ...rest })),
        null,
      )
    : [];
}

function blockNames(project: Project, document: EditorDocument): readonly Suggestion[] {
  return findBlocks(project, document, null).map(({ block, document: home }) => ({
    ...insertsItself(block.name),
    kind: 'block',
    detail: `${block.module.name}, ${placeOf(block, home)}`,
    rank: 'fitting',
    documentation: () => describeBlock(block, home),
  }));
}

/** Snippets of this text; those of imported files come along with them (language section 8). */
function snippets(project: Project, document: EditorDocument): readonly Suggestion[] {
  const found = new Map<string, Suggestion>();
  for (const home of [document, ...project.documents]) {
    for (const snippet of home.declarations().snippets) {
      if (found.has(snippet.name)) continue;
      found.set(snippet.name, {
        ...insertsItself(snippet.name),
        kind: 'snippet',
        detail: `snippet, ${placeOf(snippet, home)}`,
        rank: 'fitting',
        documentation: () => describeSnippet(snippet, home),
      });
    }
  }
  return [...found.values()];
}

function fromChoices(choices: readonly Choice[], documentation: string | null): readonly Suggestion[] {
  return choices.map((choice) => wordSuggestion(choice, documentation));
}

function wordSuggestion({ word, says }: Choice, documentation: string | null): Suggestion {
  return {
    ...insertsItself(word),
    kind: 'value',
    detail: says ?? null,
    rank: 'fitting',
    documentation: () => documentation,
  };
}
