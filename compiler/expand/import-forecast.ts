import type { Snippet } from './snippet.ts';

/** Passes over a file, and levels of blocks and files, that may nest (language section 8). */
export const DEEPEST_IMPORT = 255;

/** What an import leads to, at the least. */
export interface ImportCost {
  readonly nodes: number;
  readonly files: number;
}

const nothing: ImportCost = { nodes: 0, files: 0 };

/** Looking ahead has to cost less than what it saves. */
const MOST_STEPS = 100_000;

/**
 * Looks ahead at what the import of a snippet leads to, without putting it in: a snippet that imports itself twice doubles at each level,
 * and so does each of a chain of them. Holds for as long as the file knows the same snippets.
 */
export class ImportForecast {
  readonly #snippets: ReadonlyMap<string, Snippet>;
  readonly #isSettled: (file: string) => boolean;
  /** By the level at which the snippet is put in. */
  readonly #known = new Map<Snippet, ImportCost[]>();
  #steps = 0;
  /** Nothing can be said: an import may bring other snippets, or looking ahead takes too long. */
  #isOpen = false;

  /** `isSettled`: this file, imported once more, declares nothing new. */
  constructor(snippets: ReadonlyMap<string, Snippet>, isSettled: (file: string) => boolean) {
    this.#snippets = snippets;
    this.#isSettled = isSettled;
  }

  /** Of an import that is resolved at this level; null when it cannot be said. */
  costOf(snippet: Snippet, level: number): ImportCost | null {
    this.#isOpen = this.#steps > MOST_STEPS;
    const cost = this.#costOf(snippet, level);
    return this.#isOpen ? null : cost;
  }

  #costOf(snippet: Snippet, level: number): ImportCost {
    const levels = this.#known.get(snippet) ?? [];
    const known = levels[level];
    if (known !== undefined) return known;
    const cost = this.#sum(snippet, level);
    if (this.#isOpen) return nothing;
    levels[level] = cost;
    this.#known.set(snippet, levels);
    return cost;
  }

  #sum(snippet: Snippet, level: number): ImportCost {
    const { nodes: own, imports } = snippet.extent();
    let nodes = own;
    let files = 0;
    for (const { name, depth } of imports) {
      this.#steps += 1;
      if (this.#steps > MOST_STEPS) this.#isOpen = true;
      const next = level + 1 + depth;
      if (next > DEEPEST_IMPORT) continue;
      const inner = this.#snippets.get(name);
      if (inner === undefined && !this.#isSettled(name)) this.#isOpen = true;
      if (this.#isOpen) return nothing;
      const cost = inner === undefined ? { nodes: 0, files: 1 } : this.#costOf(inner, next);
      nodes += cost.nodes;
      files += cost.files;
    }
    return { nodes, files };
  }
}
