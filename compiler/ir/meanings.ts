import type { ExpandedDirective } from '../expand/expanded.ts';
import type { Meaning } from './ir.ts';

/** What directives stand for, noted one after the other; put in order only when somebody asks: a check of a file never does. */
export class Meanings {
  readonly #directives: ExpandedDirective[] = [];
  readonly #noted: Meaning[] = [];
  readonly #byDirective = new Map<ExpandedDirective, Meaning>();
  #sorted = 0;

  /** Beside what is known of the directive already. */
  note(directive: ExpandedDirective, meaning: Meaning): void {
    this.#directives.push(directive);
    this.#noted.push(meaning);
  }

  byDirective(): ReadonlyMap<ExpandedDirective, Meaning> {
    for (; this.#sorted < this.#noted.length; this.#sorted += 1) {
      const directive = this.#directives[this.#sorted];
      const meaning = this.#noted[this.#sorted];
      if (directive === undefined || meaning === undefined) break;
      const known = this.#byDirective.get(directive);
      this.#byDirective.set(directive, known === undefined ? meaning : { ...known, ...meaning });
    }
    return this.#byDirective;
  }
}
