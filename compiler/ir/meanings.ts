import type { ExpandedDirective } from '../expand/expanded.ts';
import type { Meaning } from './ir.ts';

/** Some of what was noted, in its order. */
export interface NotedMeanings {
  readonly directives: readonly ExpandedDirective[];
  readonly meanings: readonly Meaning[];
}

/** What directives stand for, noted one after the other; put in order only when somebody asks: a check of a file never does. */
export class Meanings {
  readonly #directives: ExpandedDirective[] = [];
  readonly #noted: Meaning[] = [];
  readonly #others: NotedMeanings[] = [];
  readonly #byDirective = new Map<ExpandedDirective, Meaning>();
  #sorted = 0;

  /** Beside what is known of the directive already. */
  note(directive: ExpandedDirective, meaning: Meaning): void {
    this.#directives.push(directive);
    this.#noted.push(meaning);
  }

  /** How many were noted one by one. */
  get count(): number {
    return this.#noted.length;
  }

  notedFrom(index: number): NotedMeanings {
    return { directives: this.#directives.slice(index), meanings: this.#noted.slice(index) };
  }

  /** As if all of them were noted now. */
  noteAll(others: NotedMeanings): void {
    this.#others.push(others);
  }

  byDirective(): ReadonlyMap<ExpandedDirective, Meaning> {
    for (let part = this.#others.pop(); part !== undefined; part = this.#others.pop()) this.#sort(part, 0);
    this.#sort({ directives: this.#directives, meanings: this.#noted }, this.#sorted);
    this.#sorted = this.#noted.length;
    return this.#byDirective;
  }

  #sort({ directives, meanings }: NotedMeanings, from: number): void {
    for (let index = from; index < meanings.length; index += 1) {
      const directive = directives[index];
      const meaning = meanings[index];
      if (directive === undefined || meaning === undefined) break;
      const known = this.#byDirective.get(directive);
      this.#byDirective.set(directive, known === undefined ? meaning : { ...known, ...meaning });
    }
  }
}
