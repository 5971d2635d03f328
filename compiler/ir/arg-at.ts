import type { ExpandedArg } from '../expand/expanded.ts';

/** A word that is no argument itself, as the name of a directive or a default: it stands where something else does. */
export class ArgAt implements ExpandedArg {
  readonly value: string;
  readonly #place: Pick<ExpandedArg, 'origin'>;

  constructor(value: string, place: Pick<ExpandedArg, 'origin'>) {
    this.value = value;
    this.#place = place;
  }

  get origin(): ExpandedArg['origin'] {
    return this.#place.origin;
  }
}
