import { parseInt64 } from './numbers.ts';
import { type Misreading, misread, type Reading, read, type Words } from './reading.ts';

export type Compression =
  | { readonly algorithm: 'off' }
  | { readonly algorithm: 'zstd' | 'lz4'; readonly level?: number };

/** `off`, `zstd [LEVEL]`, `lz4 [LEVEL]` of storage.imapsql. maddy names the place only when there is no argument,
 * and looks at the rest after the whole block. */
export function readCompression(words: Words): Reading<Compression> {
  const [algorithm, level] = words.args;
  switch (algorithm) {
    case undefined:
      return misread('too-few', 'expected at least one argument');
    case 'off':
      if (level !== undefined) return late(misread('too-many', 'imapsql: expected at most 1 arguments', 1));
      return read({ algorithm });
    case 'zstd':
    case 'lz4': {
      if (words.args.length > 2) return late(misread('too-many', 'imapsql: expected at most 2 arguments', 2));
      if (level === undefined) return read({ algorithm });
      const number = parseInt64(level);
      const error = 'imapsql: first argument for lz4 and zstd is compression level';
      return 'error' in number
        ? late(misread('form', error, 1, 'the level is a number'))
        : read({ algorithm, level: Number(number.value) });
    }
    default:
      return late(misread('form', 'imapsql: unknown compression algorithm', 0));
  }
}

function late(misreading: Misreading): Misreading {
  return { ...misreading, placeless: true, late: true };
}
