import type { Plan } from '../../compiler/plan/plan.ts';
import { textsAt } from '../../compiler/routing/plan-values.ts';
import { reasonOf } from '../reason-of.ts';
import type { LogOutput } from './output.ts';
import { openTargets } from './targets.ts';

/** Where the lines of a process go: as the `log` directive of its configuration says, else as the command line did. */
export class LogChoice {
  readonly #output: LogOutput;
  readonly #byDefault: readonly string[];
  readonly #isShared: boolean;
  #words: readonly string[];

  /** `byDefault`: the targets that `output` has at first. `isShared`: other processes write there, too. */
  constructor(output: LogOutput, byDefault: readonly string[], isShared: boolean) {
    this.#output = output;
    this.#byDefault = byDefault;
    this.#isShared = isShared;
    this.#words = byDefault;
  }

  get words(): readonly string[] {
    return this.#words;
  }

  /** Throws when the directive cannot be obeyed; then lines go where they went before. `directory`: where relative paths begin. */
  async follow({ globals }: Plan, directory?: string): Promise<void> {
    await this.take(textsAt(globals, 'log') ?? this.#byDefault, directory);
  }

  async take(words: readonly string[], directory = process.cwd()): Promise<void> {
    if (words.join('\0') === this.#words.join('\0')) return;
    const targets = await openTargets(words, { shared: this.#isShared, directory }).catch((error: unknown) => {
      // A mistake in the configuration, other than the same one on the command line.
      throw new Error(reasonOf(error), { cause: error });
    });
    this.#output.setTargets(targets);
    this.#words = words;
  }
}
