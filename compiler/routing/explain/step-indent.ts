import type { ExplainedStep } from './request.ts';

/** How far each step of a route is indented: as the blocks of the configuration are nested. */
export class StepIndent {
  /** Blocks entered, for each pipeline that is inside another. */
  readonly #entered: { source: number; destination: number }[] = [];

  next(step: ExplainedStep): number {
    this.#entered.length = Math.min(this.#entered.length, step.depth + 1);
    while (this.#entered.length <= step.depth) this.#entered.push({ source: 0, destination: 0 });
    const blocks = this.#entered[step.depth] ?? { source: 0, destination: 0 };
    // A source block is looked for at the root, a destination block inside of the source block.
    if (step.kind === 'source') blocks.source = 0;
    if (step.kind === 'source' || step.kind === 'destination') blocks.destination = 0;
    const indent = this.#entered.reduce((sum, { source, destination }) => sum + source + destination + 1, 0);
    if ((step.kind === 'source' || step.kind === 'destination') && step.taken && !step.implicit) blocks[step.kind] = 1;
    return indent;
  }
}
