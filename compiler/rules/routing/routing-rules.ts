import type { Rule } from '../rule.ts';

/** Rules that ask where mail goes. */
export const routingRules: readonly Rule[] = [];
