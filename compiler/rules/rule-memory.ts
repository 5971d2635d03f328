import type { Directive } from '../expand/directive.ts';
import { RouteCompiler } from '../routing/compile-routes.ts';
import { KeptWays } from '../routing/prove/kept-ways.ts';
import { KeptAddresses } from './configured-address.ts';

/** What was found out about parts of one configuration, for whoever judges it again when other parts have changed. */
export class RuleMemory {
  readonly addresses = new KeptAddresses();
  readonly macroDomains = new WeakMap<Directive, readonly string[]>();
  readonly routes = new RouteCompiler();
  readonly ways = new KeptWays();
}
