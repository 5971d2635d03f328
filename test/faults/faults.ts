import { endingFaults } from './endings.ts';
import type { Fault } from './fault.ts';
import { nextServerFaults } from './next-server.ts';
import { surroundingFaults } from './surroundings.ts';

/** All that is made to go wrong with a whole server. */
export const faults: readonly Fault[] = [...nextServerFaults, ...surroundingFaults, ...endingFaults];
