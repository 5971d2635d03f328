import type { Resolver } from './dns/resolver.ts';
import type { RuntimeModule } from './registry.ts';

/** What takes the place of the outside world. */
export interface StandIns {
  /** Asked instead of name servers. */
  readonly resolver: Resolver;
  /** Modules that no configuration names, by the name that the plan has for them. */
  readonly modules: ReadonlyMap<string, RuntimeModule>;
}
