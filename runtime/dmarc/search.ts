import type { Plan } from '../../compiler/plan/plan.ts';
import { textAt } from '../../compiler/routing/plan-values.ts';
import type { Resolver } from '../dns/resolver.ts';
import type { PolicySearch } from './policy-search.ts';
import { PublicSuffixSearch } from './public-suffix-search.ts';
import { TreeWalkSearch } from './tree-walk-search.ts';

/** As the global `dmarc_policy_search` says. */
export function policySearchOf(globals: Plan['globals'], resolver: Resolver): PolicySearch {
  const isTreeWalk = textAt(globals, 'dmarc_policy_search') === 'tree_walk';
  return isTreeWalk ? new TreeWalkSearch(resolver) : new PublicSuffixSearch(resolver);
}
