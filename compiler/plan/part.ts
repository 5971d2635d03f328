import type { Analysis } from '../analyse.ts';
import { findModule } from '../catalog/catalog.ts';
import { globals } from '../catalog/globals.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { ExpandedDirective } from '../expand/expanded.ts';
import { duplicateBlock, unknownName, unusedBlock } from '../ir/codes/names.ts';
import { noEndpoint } from '../ir/codes/structure.ts';
import { lower } from '../ir/program.ts';
import { buildPlan } from './build.ts';
import type { Plan } from './plan.ts';

/** What follows from leaving the rest of the file out. */
const ofTheWhole: ReadonlySet<unknown> = new Set([unusedBlock, noEndpoint]);
/** What maddy sees before it looks into any block. */
const beforeBlocks: ReadonlySet<unknown> = new Set([noEndpoint, duplicateBlock]);

export type PartResult =
  | { readonly plan: Plan }
  /** `maddy`: its words for the first of them, where it has any. */
  | { readonly plan: null; readonly diagnostics: readonly Diagnostic[]; readonly maddy: string | null };

/**
 * A plan of one top-level block, of all that it refers to and of the global directives, as maddy's account commands load
 * it: what is wrong in other blocks and in endpoints does not stand in its way. Without such a block: a plan without blocks.
 */
export function planOfBlock(analysis: Analysis, name: string, producer: string): PartResult {
  const { expansion, dialect, files, loadErrors } = analysis;
  const fatal =
    expansion.refusal === null ? loadErrors.filter((each) => isSeenFirst(each, expansion.directives)) : loadErrors;
  if (fatal.length > 0) return { plan: null, diagnostics: fatal, maddy: analysis.reference().error };
  const [first] = files;
  const start = first === undefined ? null : { file: first, range: { start: 0, end: 0 }, via: null };
  const { program, findings } = lower(neededFor(name, expansion.directives), dialect, start);
  const errors = findings.filter(
    ({ audience, failsAtStart, diagnostic: { severity, code } }) =>
      audience === 'everybody' && failsAtStart !== true && severity === 'error' && !ofTheWhole.has(code),
  );
  const [worst] = errors;
  if (worst === undefined) return { plan: buildPlan({ program, dialect, files, producer }) };
  return { plan: null, diagnostics: errors.map(({ diagnostic }) => diagnostic), maddy: worst.maddy };
}

function isSeenFirst({ code, place }: Diagnostic, directives: readonly ExpandedDirective[]): boolean {
  if (beforeBlocks.has(code) || place === null) return true;
  if (code !== unknownName) return false;
  return directives.some(
    ({ origin }) => origin.file.path === place.file.path && origin.range.start === place.range.start,
  );
}

function neededFor(name: string, directives: readonly ExpandedDirective[]): readonly ExpandedDirective[] {
  const isGlobal = (each: ExpandedDirective): boolean => Object.hasOwn(globals.directives, each.name);
  const needed = new Set(directives.filter(isGlobal));
  const wanted = [name, ...[...needed].flatMap(referencesIn)];
  const blocks = directives.filter((each) => !isGlobal(each) && findModule(each.name)?.kind !== 'endpoint');
  for (let next = wanted.pop(); next !== undefined; next = wanted.pop()) {
    for (const block of blocks) {
      if (needed.has(block) || !namesOf(block).includes(next)) continue;
      needed.add(block);
      wanted.push(...referencesIn(block));
    }
  }
  return directives.filter((each) => needed.has(each));
}

function namesOf({ name, args }: ExpandedDirective): readonly string[] {
  return args.length === 0 ? [name] : args.map((arg) => arg.value);
}

function referencesIn({ args, block }: ExpandedDirective): readonly string[] {
  const own = args.filter(({ value }) => value.startsWith('&')).map(({ value }) => value.slice(1));
  return [...own, ...(block ?? []).flatMap(referencesIn)];
}
