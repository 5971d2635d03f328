import { findModule } from '../catalog/catalog.ts';
import type { BodySpec } from '../catalog/define.ts';
import type { ExpandedDirective } from '../expand/expanded.ts';
import { nearest } from '../text/nearest.ts';
import { isPipelineWord } from './suggest.ts';

/** It is probably there, under a name that is refused: that it is missing follows from that. */
export function isMisspelt(spec: BodySpec, block: readonly ExpandedDirective[] | null, name: string): boolean {
  if (block === null || typeof spec.unknown !== 'string' || spec.unknown === 'ignored') return false;
  const isKnown = (word: string): boolean =>
    Object.hasOwn(spec.directives, word) ||
    (spec.unknown === 'pipeline' && isPipelineWord(word)) ||
    (spec.unknown === 'module_block' && findModule(word) !== undefined);
  return block.some((directive) => !isKnown(directive.name) && nearest(directive.name, [name]) !== null);
}
