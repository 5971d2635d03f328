import type { Dialect } from '../../grammar/dialect.ts';
import type { Code, Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Expansion } from '../expand/expand.ts';
import type { Host } from '../host.ts';
import type { Program } from '../ir/ir.ts';
import type { Inventory } from '../ir/walk.ts';
import type { PlannedModules } from '../plan/plan.ts';
import type { RegexpEngine } from '../routing/explain/tables.ts';
import type { RoutingModel } from '../routing/prove/model.ts';
import type { SourceFile } from '../source/source-file.ts';
import type { AddressBook } from './configured-address.ts';
import type { HostFacts } from './host-facts.ts';
import type { RuleMemory } from './rule-memory.ts';
import type { TableUse } from './table-use.ts';
import type { TlsSettings } from './tls-settings.ts';

/** What a judgement is about. */
export interface RuleInput {
  readonly program: Program;
  readonly inventory: Inventory;
  readonly expansion: Pick<Expansion, 'diagnostics' | 'directives' | 'sources'>;
  readonly dialect: Dialect;
  /** For files that the configuration names; a rule asks for nothing else. */
  readonly host: Host;
  /** The release of maddy that the file is for; null when none was named. */
  readonly targetVersion: string | null;
  /** Domains whose mail stays here, besides those that the file shows (R10). */
  readonly localDomains: readonly string[];
  /** Null: what tables of regular expressions hold is not known. */
  readonly regexps: RegexpEngine | null;
  /** What the machine is like; null unless somebody asked for it. */
  readonly facts: HostFacts | null;
  /** Texts that took part, the main file first: a plan names them by their index. */
  readonly files: readonly SourceFile[];
  /** Null when something stands in the way of a plan. */
  readonly plan: () => PlannedModules | null;
  /** Null: this is judged once. */
  readonly memory: RuleMemory | null;
}

/** What a rule may look at: the input, and what several rules need of it, found once. */
export interface RuleContext extends RuleInput {
  readonly addresses: AddressBook;
  readonly tlsSettings: readonly TlsSettings[];
  readonly tableUses: readonly TableUse[];
  /** Where all mail goes; null when there is no plan. */
  readonly routing: RoutingModel | null;
}

/**
 * Something that loads but does not do what its writer expects. A rule never stops a configuration from running (R1). One
 * file holds one rule with its code, whose samples are run as tests; `rules.ts` lists it.
 */
export interface Rule {
  readonly code: Code;
  /** Otherwise it is for all. */
  readonly dialects?: readonly Dialect[];
  /** It needs `facts`, and is left out without them. */
  readonly needsHost?: true;
  check(context: RuleContext): Iterable<Diagnostic>;
}
