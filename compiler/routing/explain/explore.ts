/** Chooses among answers that cannot be known. Equal questions get equal answers within one run. */
export interface Oracle {
  choose<T>(question: string, options: readonly T[]): T;
}

export interface Exploration<Result> {
  readonly results: readonly Result[];
  /** False when the budget ended the search. */
  readonly complete: boolean;
}

/**
 * Repeats a run until every combination of answers has been seen: each time the oracle is asked something new, the first option is taken
 * and the others are tried in later runs. The first result is the one in which every first option held.
 */
export function explore<Result>(run: (oracle: Oracle) => Result, budget: number): Exploration<Result> {
  const results: Result[] = [];
  const waiting: (readonly number[])[] = [[]];
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    if (results.length === budget) return { results, complete: false };
    const taken: number[] = [];
    const known = new Map<string, number>();
    const prefix = path;
    const choose = <T>(question: string, options: readonly T[]): T => {
      let index = known.get(question);
      if (index === undefined) {
        const at = taken.length;
        index = prefix[at] ?? 0;
        if (at >= prefix.length) {
          for (let other = 1; other < options.length; other++) waiting.push([...taken, other]);
        }
        taken.push(index);
        known.set(question, index);
      }
      const option = options[index];
      if (option === undefined) throw new RangeError(`no option ${index} for ${question}`);
      return option;
    };
    results.push(run({ choose }));
  }
  return { results, complete: true };
}
