import { type AnalyseOptions, type Analysis, analyse } from '../analyse.ts';
import type { Host } from '../host.ts';
import type { Program } from '../ir/ir.ts';
import { planModules } from '../plan/build.ts';
import { KeptParts } from '../plan/kept-parts.ts';
import { RuleMemory } from '../rules/rule-memory.ts';
import { KeptExpansion } from './kept-expansion.ts';
import { KeptLowering } from './kept-lowering.ts';

/** In fewer blocks, looking for what is known about them takes as long as finding it out. */
const usuallyFew = 100;

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
  readonly #fewBlocks: number;

  /** `fewBlocks`: in no more of them, and endpoints, everything is planned and judged anew. */
  constructor(fewBlocks = usuallyFew) {
    this.#fewBlocks = fewBlocks;
  }

  analyse(main: string, host: Host, options: AnalyseOptions = {}): Analysis {
    const isLarge = ({ endpoints, blocks }: Program): boolean => endpoints.length + blocks.size > this.#fewBlocks;
    const analysis = analyse(main, host, options, {
      expand: (path, files, how = {}) => this.#expansion.expand(path, files, how),
      lower: (directives, dialect, start) => this.#lowering.lower(directives, dialect, start),
      planModules: (input) => planModules(input, isLarge(input.program) ? this.#parts : null),
      ruleMemory: (program) => (isLarge(program) ? this.#ruleMemory : null),
    });
    this.#parts.follow(analysis.files);
    return analysis;
  }
}
