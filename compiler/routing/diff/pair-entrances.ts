import type { PlanEndpoint } from '../../plan/plan.ts';
import type { Entrance, RoutingModel } from '../prove/model.ts';

export type EntrancePair = readonly [before: Entrance | null, after: Entrance | null];

/** The same endpoint in two configurations: one that listens on the same address, else the next one of the same kind. */
export function pairEntrances(before: RoutingModel, after: RoutingModel): readonly EntrancePair[] {
  const left = new Set(after.entrances);
  const take = (matches: (candidate: Entrance) => boolean): Entrance | null => {
    const found = [...left].find(matches) ?? null;
    if (found !== null) left.delete(found);
    return found;
  };
  const byAddress = before.entrances.map((one): [Entrance, Entrance | null] => {
    const addresses = addressesOf(before, one);
    return [
      one,
      take(
        (other) =>
          other.module.module === one.module.module &&
          addressesOf(after, other).some((address) => addresses.includes(address)),
      ),
    ];
  });
  const pairs = byAddress.map(
    ([one, other]): EntrancePair => [one, other ?? take((candidate) => candidate.module.module === one.module.module)],
  );
  return [...pairs, ...[...left].map((other): EntrancePair => [null, other])];
}

function addressesOf({ plan }: RoutingModel, { module }: Entrance): readonly string[] {
  return plan.endpoints.find((each: PlanEndpoint) => each.at === module.at)?.addresses ?? [];
}
