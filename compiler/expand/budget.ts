/** What one expansion may cost. Reached only by files that multiply themselves; far above any real configuration. */
export interface Limits {
  /** Imports of files, the same file counted each time. */
  readonly files: number;
  /** Directives and arguments that macros and imports put in. */
  readonly nodes: number;
  /** UTF-16 units of text read from files, or written by macros and environment into arguments. */
  readonly characters: number;
}

export const usualLimits: Limits = { files: 2_000, nodes: 1_000_000, characters: 64 * 1024 * 1024 };

/**
 * Counts down; what runs out first is remembered, and from then on nothing is granted. What is foreseen to run out is told in the same
 * way, and then each thing is put in once, so that its faults are told.
 */
export class Budget {
  readonly limits: Limits;
  #files: number;
  #nodes: number;
  #characters: number;
  readonly #putIn = new Set<object>();
  exhausted: keyof Limits | null = null;
  /** Nothing is granted any more. */
  isSpent = false;

  constructor(limits: Limits = usualLimits) {
    this.limits = limits;
    this.#files = limits.files;
    this.#nodes = limits.nodes;
    this.#characters = limits.characters;
  }

  takeFile(): boolean {
    this.#files -= 1;
    return this.#grant(this.#files >= 0, 'files');
  }

  takeNodes(count: number): boolean {
    this.#nodes -= count;
    return this.#grant(this.#nodes >= 0, 'nodes');
  }

  takeCharacters(count: number): boolean {
    this.#characters -= count;
    return this.#grant(this.#characters >= 0, 'characters');
  }

  /** Told before anything of it is put in. */
  foresee({ nodes, files }: Pick<Limits, 'nodes' | 'files'>): void {
    if (files > this.#files) this.exhausted ??= 'files';
    else if (nodes > this.#nodes) this.exhausted ??= 'nodes';
  }

  /** Whether this may be put in: always, until something runs out. */
  takes(thing: object): boolean {
    if (this.exhausted === null) return true;
    const isNew = !this.#putIn.has(thing);
    this.#putIn.add(thing);
    return isNew;
  }

  #grant(isLeft: boolean, what: keyof Limits): boolean {
    if (!isLeft) {
      this.exhausted ??= what;
      this.isSpent = true;
    }
    return !this.isSpent;
  }
}
