import { encodeText } from '../../grammar/encoding.ts';
import type { Place } from '../diagnostics/diagnostic.ts';
import { lineIndexAt } from '../source/source-file.ts';
import { lineCells } from './line-cells.ts';
import { type FoundIn, fileOf, findingsOf, type Report } from './report.ts';

/**
 * What identifies a finding from one run to the next, however far its line has moved: file, code and the words of its line. Secrets
 * do not go into it, so it can be published. Equal findings on equal lines are told apart by their order.
 */
export function fingerprints(report: Report): ReadonlyMap<FoundIn, string> {
  const seen = new Map<string, number>();
  return new Map(
    findingsOf(report).map((found) => {
      const identity = [report.pathInRepository(fileOf(found)), found.diagnostic.code.code, lineOf(found)].join('\n');
      const count = (seen.get(identity) ?? 0) + 1;
      seen.set(identity, count);
      return [found, hash64(`${identity}\n${count}`)];
    }),
  );
}

function lineOf({ result, diagnostic }: FoundIn): string {
  const { place } = diagnostic;
  return place === null ? diagnostic.message : sourceLine(place, result.secrets);
}

function sourceLine({ file, range }: Place, secrets: readonly Place[]): string {
  const hidden = secrets.filter((secret) => secret.file.path === file.path).map((secret) => secret.range);
  const { cells } = lineCells(file, lineIndexAt(file, range.start), hidden);
  return cells
    .map(({ text }) => text)
    .join('')
    .trim()
    .replace(/\s+/g, ' ');
}

const offsetBasis = 0xcbf29ce484222325n;
const prime = 0x100000001b3n;

/** FNV-1a, 64 bits, 16 hexadecimal digits: it tells findings apart and keeps no secrets, so nothing stronger is needed. */
function hash64(text: string): string {
  let hash = offsetBasis;
  for (const byte of encodeText(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * prime);
  return hash.toString(16).padStart(16, '0');
}
