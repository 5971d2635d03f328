import { type AnalyseOptions, type Analysis, analyse } from '../analyse.ts';
import type { Host } from '../host.ts';
import { lower } from '../ir/program.ts';
import { KeptExpansion } from './kept-expansion.ts';

/**
 * Analyses one configuration each time that it was edited, and takes from the last time what the edit does not touch. The answers
 * are those of `analyse`, but an answer lives only until the next one: its directives and its program become part of that. Its
 * diagnostics stay as they are.
 */
export class Analyser {
  readonly #expansion = new KeptExpansion();

  analyse(main: string, host: Host, options: AnalyseOptions = {}): Analysis {
    return analyse(main, host, options, {
      expand: (path, files, how = {}) => this.#expansion.expand(path, files, how),
      lower,
    });
  }
}
