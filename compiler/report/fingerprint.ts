import { encodeText } from '../../grammar/encoding.ts';
import type { Place } from '../diagnostics/diagnostic.ts';
import { lineIndexAt } from '../source/source-file.ts';
import { lineCells } from './line-cells.ts';
import { type FileResult, type FoundIn, fileOf, findingsOf, type Report } from './report.ts';

/**
 * What identifies a finding from one run to the next, however far its line has moved: file, code and the words of its line. Secrets
 * do not go into it, so it can be published. Equal findings on equal lines are told apart by their order.
 */
export function fingerprints(report: Report): ReadonlyMap<FoundIn, string> {
  // One line may be very long, and have many findings.
  const seen = new Map<string, { readonly hash: bigint; count: number }>();
  const lines = new Map<FileResult, Map<string, string>>();
  const lineOf = ({ result, diagnostic }: FoundIn): string => {
    const { place } = diagnostic;
    if (place === null) return diagnostic.message;
    const known = lines.get(result) ?? new Map<string, string>();
    lines.set(result, known);
    const key = `${lineIndexAt(place.file, place.range.start)} ${place.file.path}`;
    const line = known.get(key) ?? sourceLine(place, result.secrets);
    known.set(key, line);
    return line;
  };
  return new Map(
    findingsOf(report).map((found) => {
      const identity = [report.pathInRepository(fileOf(found)), found.diagnostic.code.code, lineOf(found)].join('\n');
      const equals = seen.get(identity) ?? { hash: hashOn(offsetBasis, `${identity}\n`), count: 0 };
      equals.count += 1;
      seen.set(identity, equals);
      return [found, hashOn(equals.hash, String(equals.count)).toString(16).padStart(16, '0')];
    }),
  );
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

/** FNV-1a, 64 bits: it tells findings apart and keeps no secrets, so nothing stronger is needed. */
function hashOn(hash: bigint, text: string): bigint {
  let next = hash;
  for (const byte of encodeText(text)) next = BigInt.asUintN(64, (next ^ BigInt(byte)) * prime);
  return next;
}
