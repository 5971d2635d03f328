import type { Via } from '../source/origin.ts';
import { Span } from '../source/span.ts';

/** One step of the way by which a value came to where it is used. */
export class Step extends Span {
  readonly kind: Via['kind'];
  readonly name: string;

  constructor(kind: Via['kind'], name: string, { passage, from, to }: Pick<Span, 'passage' | 'from' | 'to'>) {
    super(passage, from, to);
    this.kind = kind;
    this.name = name;
  }
}

/** A way around another one. Ways are put together by the thousand and looked at one by one, so joining them copies nothing. */
interface Joined {
  readonly outer: Trail;
  readonly inner: Trail;
}

export type Trail = Step | Joined;

/** Longer chains come only from files that are made to have them; the steps nearest to the value are kept. */
const LONGEST_CHAIN = 64;

/** The steps of `outer` around those of `inner`. */
export function around(outer: Trail, inner: Trail | null): Trail;
export function around(outer: Trail | null, inner: Trail): Trail;
export function around(outer: Trail | null, inner: Trail | null): Trail | null;
export function around(outer: Trail | null, inner: Trail | null): Trail | null {
  if (outer === null) return inner;
  return inner === null ? outer : { outer, inner };
}

/** The first step of that kind, from the inside outwards. */
export function stepOf(trail: Trail | null, isWanted: (step: Step) => boolean): Step | null {
  if (trail === null) return null;
  if ('kind' in trail) return isWanted(trail) ? trail : null;
  const open: Trail[] = [trail];
  let seen = 0;
  for (let part = open.pop(); part !== undefined && seen < LONGEST_CHAIN; part = open.pop()) {
    if (!('kind' in part)) open.push(part.outer, part.inner);
    else if (isWanted(part)) return part;
    else seen += 1;
  }
  return null;
}

/** The chain as others see it, innermost step first. */
export function viaOf(trail: Trail | null): Via | null {
  if (trail === null) return null;
  const steps: Step[] = [];
  const open: Trail[] = [trail];
  for (let part = open.pop(); part !== undefined && steps.length < LONGEST_CHAIN; part = open.pop()) {
    if ('kind' in part) steps.push(part);
    else open.push(part.outer, part.inner);
  }
  return steps.reduceRight<Via | null>((next, { kind, name, file, range }) => {
    return { kind, name, file, range, next };
  }, null);
}
