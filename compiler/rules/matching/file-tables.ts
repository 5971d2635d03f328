import { decodeText } from '../../../grammar/encoding.ts';
import type { Range } from '../../../grammar/range.ts';
import type { FileState } from '../../host.ts';
import type { Module } from '../../ir/ir.ts';
import { tableFiles } from '../../ir/table-files.ts';
import { createSourceFile, type SourceFile } from '../../source/source-file.ts';
import type { RuleInput } from '../rule.ts';

/** A line of a table file: `KEY: VALUE, VALUE`. */
export interface TableLine {
  readonly key: string;
  /** Of the key. */
  readonly range: Range;
  /** Null without a colon. */
  readonly values: readonly string[] | null;
}

export interface FileTableText {
  readonly file: SourceFile;
  readonly lines: readonly TableLine[];
}

/** The file that a `table.file` reads, where the host has it; null for other tables. */
export function fileTableOf(table: Module, input: Pick<RuleInput, 'program' | 'host'>): FileTableText | null {
  const [named] = tableFiles(input.program, [table]);
  const text = named === undefined ? null : textOf(input.host.read(named.path));
  return named === undefined || text === null
    ? null
    : { file: createSourceFile(named.path, text), lines: linesOf(text) };
}

function textOf(state: FileState | undefined): string | null {
  if (state?.kind === 'text') return state.text;
  return state?.kind === 'bytes' ? decodeText(state.bytes) : null;
}

function linesOf(text: string): readonly TableLine[] {
  const lines: TableLine[] = [];
  let start = 0;
  for (const line of text.split('\n')) {
    if (!line.startsWith('#') && line.trim() !== '') lines.push(lineAt(line, start));
    start += line.length + 1;
  }
  return lines;
}

function lineAt(line: string, start: number): TableLine {
  const colon = line.indexOf(':');
  const head = colon === -1 ? line : line.slice(0, colon);
  const key = head.trim();
  const from = start + head.length - head.trimStart().length;
  const values =
    colon === -1
      ? null
      : line
          .slice(colon + 1)
          .split(',')
          .map((value) => value.trim());
  return { key, range: { start: from, end: from + Math.max(key.length, 1) }, values };
}
