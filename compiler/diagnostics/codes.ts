import { grammarCodes } from '../../grammar/codes.ts';
import { once } from '../../grammar/once.ts';
import { expandCodes } from '../expand/codes.ts';
import * as delivery from '../ir/codes/delivery.ts';
import * as names from '../ir/codes/names.ts';
import * as structure from '../ir/codes/structure.ts';
import * as values from '../ir/codes/values.ts';
import { internalError, rules } from '../rules/rules.ts';
import * as settings from '../settings/codes.ts';
import type { Code } from './diagnostic.ts';

/** Every code that a finding can have, sorted. Each is declared where it is given; this only collects them. */
export const allCodes: () => readonly Code[] = once(() =>
  [
    ...grammarCodes,
    ...expandCodes,
    ...Object.values(names),
    ...Object.values(values),
    ...Object.values(structure),
    ...Object.values(delivery),
    ...Object.values(settings),
    ...rules.map((rule) => rule.code),
    internalError,
  ].sort((a, b) => (a.code < b.code ? -1 : 1)),
);

/** By its number (`M2101`) or its name (`unknown-name`). */
export function findCode(name: string): Code | undefined {
  return allCodes().find((code) => code.code === name || code.name === name);
}
