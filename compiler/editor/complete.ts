import type { Range } from '../../grammar/range.ts';
import { endOf, isQuoted, startOf, type Token, tokenValue } from '../../grammar/tokens.ts';
import type { DirectiveNode } from '../../grammar/tree.ts';
import { completeArgument } from './complete-argument.ts';
import { completeName } from './complete-name.ts';
import { describeMacro } from './describe.ts';
import type { EditorDocument } from './editor-document.ts';
import { beforeRest, endOfWord, restOfLine } from './line-rest.ts';
import { macroLookup } from './macro-values.ts';
import type { Meaning } from './meaning.ts';
import { type Place, placeAt } from './place.ts';
import { meaningAt, type Project, scopeAt } from './scopes.ts';
import { insertsItself, type Suggestion } from './suggestion.ts';
import { inOrder } from './suggestion-order.ts';
import { takesWord, type Wanted, wantedAt } from './wanted.ts';

export interface Completion {
  readonly suggestions: readonly Suggestion[];
  /** What is replaced by a suggestion: up to the cursor, and the whole word. */
  readonly insert: Range;
  readonly replace: Range;
}

/** What may be written at the offset, in the order of its use. */
export function complete(
  project: Project,
  document: EditorDocument,
  offset: number,
  /** Paths of files that could be imported, relative to the text's. */
  files: readonly string[] = [],
): Completion {
  const place = placeAt(document, offset);
  const { slot } = place;
  const token = slot.kind === 'name' || slot.kind === 'argument' ? slot.token : null;
  const macro = token === null ? null : openMacro(document.file.text, token, offset);
  if (macro !== null && slot.kind === 'argument') {
    const meant = meaningAt(project, document, place.ancestors, slot.node);
    // Editors close a parenthesis by themselves; it is part of what is replaced.
    const insert =
      macro.end === offset + 1 && document.file.text[offset] === ')' ? macro : { start: macro.start, end: offset };
    return {
      suggestions: macros(document, slot.node, meant !== null && wantsDomains(wantedIn(meant.meaning, slot))),
      insert,
      replace: macro,
    };
  }
  const start = token === null ? offset : startOf(token);
  const end = token === null ? offset : endOfWord(token, offset);
  const rest = restOfLine(document.file.text, end);
  const suggestions = token !== null && isQuoted(token) ? [] : suggest(project, document, place, files);
  // Editors close a parenthesis by themselves.
  const isClosed = slot.kind === 'name' && end === offset + 1 && document.file.text[offset] === ')';
  return {
    suggestions: suggestions.map((each) => beforeRest(each, rest, slot.kind === 'name' && slot.node === null)),
    insert: { start, end: isClosed ? end : offset },
    replace: { start, end },
  };
}

function suggest(
  project: Project,
  document: EditorDocument,
  { ancestors, slot }: Place,
  files: readonly string[],
): readonly Suggestion[] {
  switch (slot.kind) {
    case 'name': {
      const scope = scopeAt(project, document, ancestors);
      return scope === null ? [] : completeName(project, document, scope, ancestors, slot.node);
    }
    case 'argument': {
      const meant = meaningAt(project, document, ancestors, slot.node);
      // The first word of a declaration is its `=`.
      if (meant?.meaning.kind === 'macro' && slot.index === 0) return [];
      if (meant === null || meant.meaning.kind === 'macro') return macros(document, slot.node, false);
      const own = completeArgument(project, document, meant.meaning, slot, ancestors);
      if (meant.meaning.kind === 'import') return [...own, ...filesToImport(files)];
      const wanted = wantedIn(meant.meaning, slot);
      const isUnderstood = meant.meaning.kind !== 'unknown' && meant.meaning.kind !== 'zone';
      if (isUnderstood && !takesWord(wanted)) return own;
      return [...own, ...macros(document, slot.node, wantsDomains(wanted))];
    }
    case 'comment':
    case 'nothing':
      return [];
  }
}

/** The reference to a macro that the cursor stands in, from its `$(` on, also in the middle of a word or text. */
function openMacro(text: string, token: Token, offset: number): Range | null {
  const before = text.slice(startOf(token), offset);
  const dollar = /\$\(?[^()$\s]*$/.exec(before);
  if (dollar === null) return null;
  const rest = /^[^()$\s"]*\)?/.exec(text.slice(offset, endOf(token)))?.[0] ?? '';
  return { start: startOf(token) + dollar.index, end: offset + rest.length };
}

type ArgumentSlot = Place['slot'] & { readonly kind: 'argument' };

function wantedIn(meaning: Meaning, { node, index }: ArgumentSlot): Wanted {
  return wantedAt(meaning, node, index);
}

function wantsDomains(wanted: Wanted): boolean {
  return wanted.kind === 'rule' || (wanted.kind === 'value' && wanted.name.includes('domain'));
}

/** Those that a directive can use: macros count from their declaration on (language section 6). */
function macros(document: EditorDocument, user: DirectiveNode, wantsDomains: boolean): readonly Suggestion[] {
  const declared = document.declarations().macros.filter(({ token }) => startOf(token) < startOf(user.name));
  const last = new Map(declared.map((macro) => [macro.name, macro]));
  const valuesOf = macroLookup(document);
  return inOrder([...last.values()], wantsDomains).map((macro) => {
    const values = valuesOf(macro.name);
    return {
      ...insertsItself(`$(${macro.name})`),
      kind: 'macro',
      detail: (values ?? macro.node.args.slice(1).map(tokenValue)).join(' '),
      rank: 'general',
      documentation: () => describeMacro(macro, document, values),
    };
  });
}

function filesToImport(files: readonly string[]): readonly Suggestion[] {
  return files.map((path) => ({
    ...insertsItself(/[\s#"{}]/.test(path) ? `"${path}"` : path),
    label: path,
    kind: 'file',
    detail: null,
    rank: 'other',
    documentation: () => null,
  }));
}
