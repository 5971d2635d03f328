import { type AnalyseOptions, type Analysis, analyse } from '../analyse.ts';
import type { Host } from '../host.ts';
import { planModules } from '../plan/build.ts';
import { KeptParts } from '../plan/kept-parts.ts';
import { RuleMemory } from '../rules/rule-memory.ts';
import { KeptExpansion } from './kept-expansion.ts';
import { KeptLowering } from './kept-lowering.ts';

/**
 * Analyses one configuration each time that it was edited, and takes from the last time what the edit does not touch. The answers
 * are those of `analyse`, but an answer lives only until the next one: its directives and its program become part of that. Its
 * diagnostics stay as they are.
 */
export class Analyser {
  readonly #expansion = new KeptExpansion();
  readonly #lowering = new KeptLowering();
  readonly #parts = new KeptParts();
  readonly #ruleMemory = new RuleMemory();

  analyse(main: string, host: Host, options: AnalyseOptions = {}): Analysis {
    return analyse(main, host, options, {
      expand: (path, files, how = {}) => this.#expansion.expand(path, files, how),
      lower: (directives, dialect, start) => this.#lowering.lower(directives, dialect, start),
      planModules: (input) => planModules(input, this.#parts),
      ruleMemory: this.#ruleMemory,
    });
  }
}
