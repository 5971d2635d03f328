import { misread, type Reading, read, type Words } from './reading.ts';

/** Readers of the catalog's own types that are little more than a list of words. */

/** Anything, also nothing. */
export function readAnyStrings(words: Words): Reading<readonly string[]> {
  if (words.block === 'filled') return misread('block', "can't declare block here");
  return read(words.args);
}

/** Stands for itself: arguments and block mean nothing. */
export function readFlag(): Reading<true> {
  return read(true);
}

export function readLogTargets(words: Words): Reading<readonly string[]> {
  if (words.args.length === 0) return misread('too-few', 'expected at least 1 argument');
  if (words.block === 'filled') return misread('block', "can't declare block here");
  const off = words.args.indexOf('off');
  if (off !== -1 && words.args.length > 1) {
    return {
      ...misread('too-many', "'off' can't be combined with other log targets", off, 'off must stand alone'),
      placeless: true,
    };
  }
  return read(words.args);
}

export type StaticEntry = {
  readonly key: string;
  readonly values: readonly string[];
};

export function readStaticEntry(words: Words): Reading<StaticEntry> {
  const [key, ...values] = words.args;
  if (key === undefined || values.length === 0) return misread('too-few', 'expected at least one value');
  return read({ key, values });
}
