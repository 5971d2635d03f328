import type { Outputs } from '../generate.ts';

export function referencePages(): Outputs {
  return new Map();
}
