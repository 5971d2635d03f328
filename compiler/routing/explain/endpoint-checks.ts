import { pipelinesFrom } from '../prove/reach.ts';
import type { Pipeline, RoutedModule } from '../routes.ts';
import { verdictsOf, verdictsOfDmarc } from './check-verdicts.ts';
import { shortName } from './request.ts';

/** What may be supposed about a check, as a form asks for it. */
export interface AskedCheck {
  /** By which a verdict is given: that of its block, or the short one of its module. */
  readonly name: string;
  /** Words other than `pass`. */
  readonly verdicts: readonly string[];
}

/** Checks that a message can meet which comes in by this pipeline, in the order in which they are found; each name once. */
export function checksBehind(first: Pipeline): readonly AskedCheck[] {
  const found = new Map<string, readonly string[]>();
  for (const pipeline of pipelinesFrom(first, Number.POSITIVE_INFINITY)?.pipelines ?? []) {
    const sources = pipeline.sources.blocks;
    const blocks = [pipeline, ...sources, ...sources.flatMap(({ destinations }) => destinations.blocks)];
    for (const { module } of blocks.flatMap(({ checks }) => checks))
      found.set(nameOf(module), verdictsOf(module.module));
    if (pipeline.dmarc) found.set('dmarc', verdictsOfDmarc);
  }
  return [...found].map(([name, verdicts]) => ({ name, verdicts }));
}

function nameOf(module: RoutedModule): string {
  return module.name ?? shortName(module);
}
