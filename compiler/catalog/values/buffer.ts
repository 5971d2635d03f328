import { parseDataSize } from './data-size.ts';
import { misread, type Reading, read, type Words } from './reading.ts';

export type Buffer =
  | { readonly mode: 'ram' }
  | { readonly mode: 'fs'; readonly directory?: string }
  | { readonly mode: 'auto' /** Bytes. */; readonly maxSize: number; readonly directory?: string };

const defaultSize = 1024 * 1024;

/** `ram`, `fs [DIR]`, `auto [SIZE [DIR]]`. */
export function readBuffer(words: Words): Reading<Buffer> {
  if (words.block === 'filled') return misread('block', "can't declare block here");
  const [mode, first, second] = words.args;
  switch (mode) {
    case undefined:
      return misread('too-few', 'at least one argument required');
    case 'ram':
      return first === undefined ? read({ mode }) : misread('too-many', "no additional arguments for 'ram' mode", 1);
    case 'fs':
      if (second !== undefined) return misread('too-many', "too many arguments for 'fs' mode", 2);
      return read(first === undefined ? { mode } : { mode, directory: first });
    case 'auto': {
      if (words.args.length > 3) return misread('too-many', "too many arguments for 'auto' mode", 3);
      const size = first === undefined ? BigInt(defaultSize) : parseDataSize(first);
      if (typeof size !== 'bigint') return misread('form', size.error, 1, size.hint);
      const maxSize = Number(size);
      return read(second === undefined ? { mode, maxSize } : { mode, maxSize, directory: second });
    }
    default:
      return misread('form', `unknown buffer mode: ${mode}`, 0);
  }
}
