import type { Dialect } from '../grammar/dialect.ts';
import { wholeTextCodes } from '../grammar/findings/whole-text.ts';
import { once } from '../grammar/once.ts';
import { findModule } from './catalog/catalog.ts';
import { globals } from './catalog/globals.ts';
import type { Code, Diagnostic } from './diagnostics/diagnostic.ts';
import { UndefinedCauses } from './diagnostics/undefined-cause.ts';
import { firstRoundOnly } from './expand/circle.ts';
import { type ExpandOptions, type Expansion, expand } from './expand/expand.ts';
import { budgetCodes, importLimit } from './expand/expand-codes.ts';
import { undefinedMacro } from './expand/findings/macro-codes.ts';
import type { Host } from './host.ts';
import { madmailAsMaddy } from './ir/codes/delivery.ts';
import { unusedBlock } from './ir/codes/names.ts';
import { ruleWithoutAddress } from './ir/codes/structure.ts';
import { argumentCount, missingPart } from './ir/codes/values.ts';
import { type Finding, finding, unsaid } from './ir/finding.ts';
import type { Program } from './ir/ir.ts';
import { lower } from './ir/program.ts';
import { tableFiles } from './ir/table-files.ts';
import { type Inventory, takeInventory } from './ir/walk.ts';
import { buildPlan, type PlanInput, planModules } from './plan/build.ts';
import { foreignParts } from './plan/foreign.ts';
import type { Plan, PlannedModules } from './plan/plan.ts';
import type { RegexpEngine } from './routing/explain/tables.ts';
import type { HostFacts } from './rules/host-facts.ts';
import type { RuleMemory } from './rules/rule-memory.ts';
import { concerns, rules, runRules } from './rules/rules.ts';
import { applyIgnoreComments } from './settings/ignore-comments.ts';
import type { SettingsReading } from './settings/read-settings.ts';
import { noSettings } from './settings/settings.ts';
import { applySeverities } from './settings/severities.ts';
import type { SourceFile } from './source/source-file.ts';

export interface AnalyseOptions {
  /** Otherwise told from the file. */
  readonly dialect?: Dialect | undefined;
  /** `keep` (default) leaves `{env:NAME}` to `run`; `expand` puts the host's variables in now (R8). */
  readonly environment?: 'keep' | 'expand';
  /** Also says what maddy 0.9.4 refuses and maddyc does not (D19). */
  readonly asMaddy?: boolean;
  /** What the project says, from `maddyc.json`, and what is wrong with that file. */
  readonly settings?: SettingsReading | undefined;
  /** The release of maddy that the file is for: what is known of it is said. It wins over the settings, as `dialect` does. */
  readonly targetVersion?: string | undefined;
  /** The engine for `table.regexp`, which is larger than the rest of the program; untold, nobody knows what such tables hold. */
  readonly regexps?: RegexpEngine | undefined;
  /** What the machine is like, for rules that need to know. */
  readonly facts?: HostFacts | undefined;
  /** As long as files are missing, nothing but which ones is of interest: what takes time to find out is left out. */
  readonly awaitsFiles?: boolean;
  /** Passed on to expansion. */
  readonly expansion?: Pick<ExpandOptions, 'environmentIsComplete' | 'limits'>;
}

/** maddy's own verdict about a configuration, with the text of its first error. */
export interface ReferenceVerdict {
  readonly accepted: boolean;
  readonly error: string | null;
}

export type PlanResult =
  /** Findings about a plan that can run are warnings. */
  | { readonly plan: Plan; readonly diagnostics: readonly Diagnostic[] }
  /** What stands in the way of a plan. */
  | { readonly plan: null; readonly diagnostics: readonly Diagnostic[] };

/** All that the compiler knows about one configuration. Pure: the same snapshot gives the same answers. */
export interface Analysis {
  readonly main: string;
  readonly dialect: Dialect;
  /** Texts that took part, the main file first. */
  readonly files: readonly SourceFile[];
  /** Paths that the host does not know yet: load them and call again; the answers are incomplete until then. */
  readonly missing: readonly string[];
  readonly expansion: Expansion;
  readonly program: Program;
  /** Every finding once, in the order of files and text. */
  readonly diagnostics: readonly Diagnostic[];
  /** Those that stop `compile` and `run` (R1): the configuration cannot be loaded. */
  readonly loadErrors: readonly Diagnostic[];
  /** Those that `run` meets when it starts to listen, as maddy does, although the configuration can be loaded. */
  readonly startErrors: readonly Diagnostic[];
  /** `producer` is the name and version of the program that asks. */
  plan(producer: string): PlanResult;
  reference(): ReferenceVerdict;
}

/** Whoever analyses again and again may keep what they made. */
export interface Stages {
  readonly expand: typeof expand;
  readonly lower: typeof lower;
  /** For the rules. */
  readonly planModules: (input: PlanInput) => PlannedModules;
  readonly ruleMemory: (program: Program) => RuleMemory | null;
}

const allAnew: Stages = { expand, lower, planModules, ruleMemory: () => null };

/** Reads, resolves and judges the configuration whose main file is `main`. */
export function analyse(
  main: string,
  host: Host,
  options: AnalyseOptions = {},
  ownStages: Partial<Stages> = {},
): Analysis {
  const stages = { ...allAnew, ...ownStages };
  const { settings, diagnostics: settingsFaults } = options.settings ?? { settings: noSettings, diagnostics: [] };
  const expansion = stages.expand(main, host, {
    ...options.expansion,
    dialect: options.dialect ?? settings.dialect ?? undefined,
    dialectsOf,
    keepEnvironment: options.environment !== 'expand',
  });
  const { dialect } = expansion;
  const files = expansion.sources.map(({ file }) => file);
  const goesRound = expansion.diagnostics.some(({ code }) => roundCodes.has(code));
  const directives = goesRound ? firstRoundOnly(expansion.directives) : expansion.directives;
  const { program, findings: all } = stages.lower(directives, dialect, startOf(files[0]));
  // Without its main file nothing can be said but that.
  const findings =
    files.length === 0 ? [] : withCauses(expansion.refusal === null ? all : withoutUnused(all), expansion);
  const shown = findings.filter(
    ({ audience }) => audience === 'everybody' || (audience === 'as-maddy' && options.asMaddy === true),
  );
  const staged = shown.map((each) => eased(each.diagnostic, dialect));
  const inventory = takeInventory(program);
  const targetVersion = options.targetVersion ?? settings.targetVersion;
  const { localDomains } = settings;
  const facts = options.facts ?? null;
  const refused = expansion.refusal === null ? [] : expansion.diagnostics;
  const own = findings.filter(({ audience }) => audience === 'everybody');
  const errorsOf = (some: readonly Finding[]): readonly Diagnostic[] =>
    some.map((each) => eased(each.diagnostic, dialect)).filter(isError);
  const atLoad = errorsOf(own.filter(({ failsAtStart }) => failsAtStart !== true));
  // Whatever else is found in a file that is no such text follows from that.
  const causes = expansion.diagnostics.filter(({ code }) => wholeTextCodes.includes(code));
  const atCause = (found: readonly Diagnostic[]) => (causes.length > 0 && found.length > 0 ? causes : found);
  const loadErrors = atCause(inOrder([...refused.filter(isError), ...atLoad], files));
  // Half of a configuration says nothing about where mail goes.
  const isWhole =
    files.length > 0 &&
    causes.length === 0 &&
    expansion.missing.length === 0 &&
    own.every(({ diagnostic }) => !isError(diagnostic));
  // What Madmail reads over cannot be run either: the runtime is maddy's (R6).
  const unreadable = dialect === 'maddy' ? [] : own.map(({ diagnostic }) => diagnostic).filter(isError);
  const obstacles = once((): readonly Diagnostic[] =>
    loadErrors.length > 0 || dialect === 'maddy'
      ? loadErrors
      : inOrder([...foreignParts(program), ...unreadable], files),
  );
  const plan = (producer: string): PlanResult => {
    if (obstacles().length > 0) return { plan: null, diagnostics: obstacles() };
    const input = { program, dialect, files, producer };
    return { plan: buildPlan(input), diagnostics: dialect === 'maddy' ? [] : [runsAsMaddy(input)] };
  };
  const input = {
    ...{ program, inventory, expansion, dialect, host, targetVersion, localDomains, facts, files },
    regexps: options.regexps ?? null,
    plan: () =>
      isWhole && obstacles().length === 0 ? stages.planModules({ program, dialect, files, producer: '' }) : null,
    memory: stages.ruleMemory(program),
  };
  // Which tables there are is sure only when every import has been read.
  const missing = expansion.missing.length > 0 ? expansion.missing : unreadTables(program, inventory, host);
  const isAwaited = options.awaitsFiles === true && missing.length > 0;
  const advice = causes.length > 0 || isAwaited ? [] : runRules(input);
  const startErrors = atCause(inOrder(errorsOf(own.filter(({ failsAtStart }) => failsAtStart === true)), files));
  const fatal = new Set([...loadErrors, ...startErrors]);
  const wanted = applyIgnoreComments({
    sources: causes.length > 0 ? [] : expansion.sources,
    diagnostics: causes.length > 0 ? causes : [...expansion.diagnostics, ...staged, ...advice],
    hidden: findings.map(({ diagnostic }) => diagnostic),
    unasked: new Set(rules.filter((rule) => !concerns(rule, input)).map(({ code }) => code.code)),
    fatal,
  });
  return {
    main,
    dialect,
    files,
    missing,
    expansion,
    program,
    diagnostics: inOrder([...applySeverities(wanted, settings, fatal), ...settingsFaults], files),
    loadErrors,
    startErrors,
    plan,
    reference: () => verdictOf(main, expansion, findings),
  };
}

/** Imports that lead back to themselves, or multiply. */
const roundCodes: ReadonlySet<Code> = new Set([importLimit, ...Object.values(budgetCodes)]);

/** What a directive says that macros without a value left too short. */
const lackingCodes = new Set([ruleWithoutAddress, argumentCount, missingPart]);

function withCauses(findings: readonly Finding[], { diagnostics }: Expansion): readonly Finding[] {
  const uses = diagnostics.filter(({ code }) => code === undefinedMacro);
  if (uses.length === 0) return findings;
  const causes = new UndefinedCauses(uses);
  return findings.map((each) =>
    lackingCodes.has(each.diagnostic.code) ? { ...each, diagnostic: causes.explain(each.diagnostic) } : each,
  );
}

/** What is missing or misread of the text may be what uses a block. */
function withoutUnused(findings: readonly Finding[]): readonly Finding[] {
  return findings.map((each) => (each.diagnostic.code === unusedBlock ? unsaid(each) : each));
}

function isError(diagnostic: Diagnostic): boolean {
  return diagnostic.severity === 'error';
}

/** The second Madmail refuses nothing but syntax: what it does not understand, it reads over (language.md section 16). */
function eased(diagnostic: Diagnostic, dialect: Dialect): Diagnostic {
  return dialect === 'madmail-2' && diagnostic.severity === 'error'
    ? { ...diagnostic, severity: 'warning' }
    : diagnostic;
}

function dialectsOf(name: string): readonly Dialect[] | null {
  const global = Object.entries(globals.directives).find(([each]) => each === name)?.[1];
  if (global !== undefined) return 'dialects' in global ? global.dialects : null;
  return findModule(name)?.dialects ?? null;
}

function startOf(
  file: SourceFile | undefined,
): { file: SourceFile; range: { start: number; end: number }; via: null } | null {
  return file === undefined ? null : { file, range: { start: 0, end: 0 }, via: null };
}

function unreadTables(program: Program, { modules }: Inventory, host: Host): readonly string[] {
  return tableFiles(program, modules)
    .map(({ path }) => path)
    .filter((path) => host.read(path) === undefined);
}

/** R6 */
function runsAsMaddy({ dialect, files }: PlanInput): Diagnostic {
  const details = [
    'Everything in it is known to both, so it runs as maddy would run it; Madmail may read values differently.',
  ];
  return finding(madmailAsMaddy, startOf(files[0]), { message: `this is a file for ${dialect}`, details }).diagnostic;
}

function verdictOf(main: string, expansion: Expansion, findings: readonly Finding[]): ReferenceVerdict {
  if (expansion.refusal !== null) {
    return { accepted: false, error: `failed to read config ${main}: ${expansion.refusal}` };
  }
  if (expansion.dialect === 'madmail-2') return { accepted: true, error: null };
  const error = findings.find((each) => each.maddy !== null)?.maddy ?? null;
  return { accepted: error === null, error };
}

/** By file, place and code; what is said twice about one place is said once. */
function inOrder(diagnostics: readonly Diagnostic[], files: readonly SourceFile[]): readonly Diagnostic[] {
  const fileIndex = new Map(files.map((file, index) => [file, index]));
  const rank = ({ place }: Diagnostic): readonly [number, number, number] =>
    place === null ? [-1, 0, 0] : [fileIndex.get(place.file) ?? files.length, place.range.start, place.range.end];
  const ranked = diagnostics.map((diagnostic) => ({ diagnostic, rank: rank(diagnostic) }));
  ranked.sort((a, b) => compare(a.rank, b.rank) || (a.diagnostic.code.code < b.diagnostic.code.code ? -1 : 1));
  const seen = new Set<string>();
  return ranked.flatMap(({ diagnostic, rank: place }) => {
    const key = `${place.join(' ')} ${diagnostic.code.code} ${diagnostic.message}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [diagnostic];
  });
}

function compare(a: readonly [number, number, number], b: readonly [number, number, number]): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}
