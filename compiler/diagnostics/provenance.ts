import type { Origin, Via } from '../source/origin.ts';
import type { Related } from './diagnostic.ts';

/** The way by which a value got to where it is used, as related places, nearest step first; up to `end`, when that is told elsewhere. */
export function provenance(origin: Origin, end: Via | null = null): readonly Related[] {
  const steps: Related[] = [];
  for (let via = origin.via; via !== null && via !== end; via = via.next) {
    steps.push({ file: via.file, range: via.range, message: stepWords(via) });
  }
  return steps;
}

function stepWords(via: Via): string {
  switch (via.kind) {
    case 'macro':
      return `used here as $(${via.name})`;
    case 'snippet':
      return `put in here by the snippet (${via.name})`;
    case 'import':
      return `imported here as ${via.name}`;
    case 'environment':
      return `taken here from {env:${via.name}}`;
    case 'unset-environment':
      return `taken here from {env:${via.name}}, which is not set`;
  }
}

/** Whether the text at the origin is the one that stands at its use, so that an edit there changes nothing else. */
export function isWrittenInPlace(origin: Origin): boolean {
  for (let via = origin.via; via !== null; via = via.next) {
    if (via.kind !== 'snippet' && via.kind !== 'import') return false;
  }
  return true;
}
