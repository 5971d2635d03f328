import { type Dialect, hasImports } from '../../grammar/dialect.ts';
import { allModules, knows, shortName } from '../catalog/catalog.ts';
import type { ModuleSpec } from '../catalog/define.ts';
import { globals } from '../catalog/globals.ts';
import { interfaces, type WantedInterface } from '../catalog/interfaces.ts';
import { type OldName, oldNames } from '../catalog/old-names.ts';
import { pipelineDirectives } from '../catalog/pipeline.ts';
import type { Origin } from '../source/origin.ts';
import { editDistance, nearest } from '../text/nearest.ts';
import type { Context } from './context.ts';
import { replacement, type Wording } from './finding.ts';

/** Block names of maddy's default configuration and of the translated guide, which people mix; and what the blocks are. */
const usualNames: readonly { readonly names: readonly string[]; readonly module: string }[] = [
  { names: ['local_mailboxes', 'buzones_locales'], module: 'storage.imapsql (or target.lmtp for Dovecot)' },
  { names: ['local_routing', 'enrutamiento_local'], module: 'msgpipeline' },
  { names: ['remote_queue', 'cola_remota'], module: 'target.queue' },
  { names: ['outbound_delivery', 'entrega_saliente'], module: 'target.remote' },
  { names: ['local_rewrites', 'reescrituras_locales'], module: 'table.chain' },
  { names: ['local_authdb', 'autenticacion_local'], module: 'auth.pass_table' },
];

/** The module of the block that has this name in the documentation. */
export function usualModuleOf(name: string): string | null {
  return usualNames.find(({ names }) => names.includes(name))?.module ?? null;
}

/** The name that was most likely meant; null also when a file has so many unknown names that looking would take long. */
export function suggest(context: Context, word: string, candidates: () => readonly string[]): string | null {
  if (context.suggestionsLeft <= 0) return null;
  const names = candidates();
  context.suggestionsLeft -= Math.max(1, Math.ceil(names.length / fewNames));
  return closest(word, names);
}

/** Looking through so many names, or fewer, counts as one suggestion. */
const fewNames = 500;

/** Probably a misspelt `import`, which is no directive of any table: it is gone before there are any. */
export function looksLikeImport(word: string, dialect: Dialect): boolean {
  return hasImports(dialect) && nearest(word, [importWord]) !== null;
}

/** For lists of names that may stand in a block. */
export function importNames(dialect: Dialect): readonly string[] {
  return hasImports(dialect) ? [importWord] : [];
}

const importWord = 'import';

/** A translation, a name that differs in case, or one with a slip of the keyboard. */
function closest(word: string, candidates: readonly string[]): string | null {
  return (
    candidates.find((candidate) => isTranslation(word, candidate)) ??
    candidates.find((name) => name.toLowerCase() === word.toLowerCase()) ??
    nearest(word, candidates)
  );
}

function isTranslation(word: string, candidate: string): boolean {
  return candidate !== word && usualNames.some(({ names }) => names.includes(word) && names.includes(candidate));
}

/**
 * Label and fix for a name that is probably meant; nothing without one. `written` is the name as it stands in the file. A
 * single slip, a translation or another case is certain enough to be put right unasked.
 */
export function correction(
  origin: Origin,
  word: string,
  best: string | null,
  written: string = best ?? '',
): Pick<Wording, 'label' | 'fixes'> {
  if (best === null) return {};
  const certain =
    isTranslation(word, best) ||
    word.toLowerCase() === best.toLowerCase() ||
    word.endsWith(`.${best}`) ||
    best.endsWith(`.${word}`) ||
    (word.length > 3 && editDistance(word, best, 2) === 1);
  return { label: `did you mean ${written}?`, fixes: replacement(`write ${written}`, origin, written, certain) };
}

/** Modules that a place for `expects` can name, as they are written there. */
export function moduleNamesFor(expects: WantedInterface, dialect: Dialect): readonly string[] {
  const { namespace } = interfaces[expects];
  const names: string[] = [];
  for (const entry of allModules()) {
    if (!entry.implements.includes(expects) || !knows(entry, dialect)) continue;
    names.push(namespace !== '' && entry.name.startsWith(`${namespace}.`) ? shortName(entry) : entry.name);
  }
  return names;
}

/** What may stand at the top level of a file. */
export function topLevelNames(dialect: Dialect): readonly string[] {
  const names = Object.keys(globals.directives);
  for (const entry of allModules()) if (knows(entry, dialect)) names.push(entry.name);
  names.push(...importNames(dialect));
  return names;
}

/** Modules that have a directive of this name. */
export function ownersOf(context: Context, directive: string): readonly ModuleSpec[] {
  if (context.suggestionsLeft <= 0) return [];
  return [...allModules()].filter(
    (entry) => knows(entry, context.dialect) && Object.hasOwn(entry.directives, directive),
  );
}

/** The tables have the directives of all dialects: this one is of another. */
export function foreignDirective(name: string, dialect: Dialect): string {
  return dialect === 'maddy'
    ? `It is a directive of Madmail, a fork; maddy itself refuses to start with "${name}".`
    : `It is a directive of maddy itself or of another Madmail: this one does not start with "${name}".`;
}

export function isPipelineWord(name: string): boolean {
  return Object.hasOwn(pipelineDirectives, name);
}

export function oldNameOf(name: string, where: OldName['where']): OldName | undefined {
  return oldNames.find((row) => row.old === name && row.where === where);
}

/** Where in `oldNames` the names of a place are. */
export function placeOfOldNames(expects: WantedInterface): OldName['where'] | null {
  switch (expects) {
    case 'delivery_target':
      return 'target';
    case 'check':
      return 'check';
    case 'modifier':
      return 'modify';
    case 'plain_auth':
      return 'auth';
    default:
      return null;
  }
}

/** `a, b and c`, shortened. */
export function listed(names: readonly string[], most = 6): string {
  if (names.length > most) return `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
