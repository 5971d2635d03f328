import type { Dialect } from '../../grammar/dialect.ts';
import type { Code, Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Host } from '../host.ts';
import type { Program } from '../ir/ir.ts';
import type { Inventory } from '../ir/walk.ts';

/** What a rule may look at. */
export interface RuleContext {
  readonly program: Program;
  readonly inventory: Inventory;
  readonly dialect: Dialect;
  /** For files that the configuration names; a rule asks for nothing else. */
  readonly host: Host;
}

/**
 * Something that loads but does not do what its writer expects. A rule never stops a configuration from running (R1). One
 * file holds one rule with its code, whose samples are run as tests; `rules.ts` lists it.
 */
export interface Rule {
  readonly code: Code;
  check(context: RuleContext): Iterable<Diagnostic>;
}
