import { type AnalyseOptions, type Analysis, analyse } from '../analyse.ts';
import type { Fix, TextEdit } from '../diagnostics/diagnostic.ts';
import type { FileState, Host } from '../host.ts';
import type { SourceFile } from '../source/source-file.ts';
import { applyEdits, type FixChoice, selectFixes } from './select.ts';

/** One fix may bring another finding to light; more rounds than these mean that two of them undo each other. */
const MOST_ROUNDS = 20;

export interface FixedFile {
  /** Where it was read, by which it is written. */
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

export interface FixResult {
  /** Only files that are different now. */
  readonly files: readonly FixedFile[];
  readonly applied: readonly Fix[];
  /** Of the texts as they are after the fixes. */
  readonly analysis: Analysis;
}

/** Applies the fixes of a configuration over all its files, again and again until none is left. Writes nothing. */
export function fixAll(main: string, host: Host, options: AnalyseOptions, choice: FixChoice): FixResult {
  const texts = new Map<string, string>();
  const patched: Host = { env: host.env, read: (path) => patchedState(texts.get(path)) ?? host.read(path) };
  const before = new Map<string, string>();
  const applied: Fix[] = [];
  const seen = new Set<string>();
  let analysis = analyse(main, patched, options);
  for (let round = 0; round < MOST_ROUNDS && analysis.missing.length === 0; round += 1) {
    const fixes = selectFixes(analysis.diagnostics, choice);
    if (fixes.length === 0) break;
    for (const [file, edits] of editsByFile(fixes)) {
      const path = pathRead(file, patched);
      if (!before.has(path)) before.set(path, file.text);
      texts.set(path, applyEdits(file.text, edits));
    }
    const state = JSON.stringify([...texts]);
    if (seen.has(state)) break;
    seen.add(state);
    applied.push(...fixes);
    analysis = analyse(main, patched, options);
  }
  const files = [...texts].flatMap(([path, after]) => {
    const original = before.get(path) ?? after;
    return original === after ? [] : [{ path, before: original, after }];
  });
  return { files, applied, analysis };
}

function patchedState(text: string | undefined): FileState | undefined {
  return text === undefined ? undefined : { kind: 'text', text };
}

function editsByFile(fixes: readonly Fix[]): ReadonlyMap<SourceFile, readonly TextEdit[]> {
  const edits = new Map<SourceFile, TextEdit[]>();
  for (const edit of fixes.flatMap((fix) => fix.edits)) edits.set(edit.file, [...(edits.get(edit.file) ?? []), edit]);
  return edits;
}

/** A file that was found with `.conf` put behind its name goes by the name without it (language.md section 8). */
function pathRead({ path }: SourceFile, host: Host): string {
  const isText = (name: string): boolean => ['text', 'bytes'].includes(host.read(name)?.kind ?? '');
  return !isText(path) && isText(`${path}.conf`) ? `${path}.conf` : path;
}
