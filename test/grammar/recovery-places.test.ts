import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { expand } from '../../compiler/expand/expand.ts';
import { createMemoryHost } from '../../compiler/source/memory-host.ts';
import { lineIndexAt } from '../../compiler/source/source-file.ts';

const folder = new URL('../../examples/', import.meta.url);
const samples = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.conf') && !path.endsWith('dovecot.conf'))
  .map((path) => ({ path, lines: readFileSync(new URL(path, folder), 'utf8').split('\n') }));

/** Code and line (from 0) of every error. */
function errorsOf(lines: readonly string[]): string[] {
  const host = createMemoryHost({ files: new Map([['main.conf', lines.join('\n')]]) });
  return expand('main.conf', host).diagnostics.flatMap(({ code, severity, place }) =>
    severity === 'error' && place !== null ? [`${code.code} ${lineIndexAt(place.file, place.range.start)}`] : [],
  );
}

const isClose = (line: string): boolean => /^\s*\}\s*$/.test(line);
const isOpen = (line: string): boolean => /^\s*[^#\s].*\s\{$/.test(line);

/** Line of the block that the brace at this line closes. */
function openingOf(lines: readonly string[], close: number): number {
  let inner = 0;
  for (let at = close - 1; at >= 0; at -= 1) {
    const line = lines[at] ?? '';
    if (isClose(line)) inner += 1;
    else if (isOpen(line) && inner === 0) return at;
    else if (isOpen(line)) inner -= 1;
  }
  return -1;
}

describe.each(samples)('in $path, one slip is one finding, at its place', ({ lines }) => {
  it('a missing "}" at the block that lacks it', () => {
    lines.forEach((line, at) => {
      if (!isClose(line)) return;
      expect(errorsOf(lines.toSpliced(at, 1)), `without line ${at + 1}`).toEqual([`M1002 ${openingOf(lines, at)}`]);
    });
  });

  it('a missing "{" at its directive', () => {
    lines.forEach((line, at) => {
      if (!isOpen(line)) return;
      const slip = lines.with(at, line.replace(/\s\{$/, ''));
      expect(errorsOf(slip), `line ${at + 1}`).toEqual([`M1019 ${at}`]);
    });
  });

  it('a missing quote at the text that lacks it', () => {
    lines.forEach((line, at) => {
      if (!/^[^#"]*"[^"]*"[^"]*$/.test(line)) return;
      const quote = line.lastIndexOf('"');
      const [first] = errorsOf(lines.with(at, line.slice(0, quote) + line.slice(quote + 1)));
      expect(first, `line ${at + 1}`).toBe(`M1105 ${at}`);
    });
  });
});
