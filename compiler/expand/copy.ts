import type { Budget } from './budget.ts';
import { Directive } from './directive.ts';
import { around, type Trail } from './trail.ts';

/** Copies of directives, led to their new place by one more step; null when the budget does not allow them. */
export function copyDirectives(directives: readonly Directive[], step: Trail, budget: Budget): Directive[] | null {
  const extended = new Map<Trail | null, Trail>([[null, step]]);
  const extend = (trail: Trail | null): Trail => {
    const known = extended.get(trail);
    if (known !== undefined) return known;
    const longer = around(step, trail);
    extended.set(trail, longer);
    return longer;
  };
  const copyAll = (list: readonly Directive[]): Directive[] | null => {
    const copies: Directive[] = [];
    for (const directive of list) {
      if (!budget.takeNodes(1 + directive.args.length)) return null;
      const block = directive.block === null ? null : copyAll(directive.block);
      if (directive.block !== null && block === null) return null;
      const args = directive.args.map((argument) => argument.withTrail(extend(argument.trail)));
      copies.push(new Directive(directive.name, args, block, directive, extend(directive.trail)));
    }
    return copies;
  };
  return copyAll(directives);
}
