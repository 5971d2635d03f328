import type { TextEdit } from '../diagnostics/diagnostic.ts';
import { applyEdits } from '../fix/select.ts';
import type { Host } from '../host.ts';
import type { SourceFile } from '../source/source-file.ts';

export interface ChangedFile {
  /** Where it was read, by which it is written. */
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

export function changedFiles(edits: readonly TextEdit[], host: Host): readonly ChangedFile[] {
  const byFile = new Map<SourceFile, TextEdit[]>();
  for (const edit of edits) byFile.set(edit.file, [...(byFile.get(edit.file) ?? []), edit]);
  return [...byFile].map(([file, own]) => ({
    path: pathRead(file, host),
    before: file.text,
    after: applyEdits(file.text, own),
  }));
}

/** The same surroundings as if the changes were made. */
export function withChanges(host: Host, files: readonly ChangedFile[]): Host {
  const texts = new Map(files.map(({ path, after }) => [path, after]));
  return {
    env: host.env,
    read: (path) => {
      const text = texts.get(path);
      return text === undefined ? host.read(path) : { kind: 'text', text };
    },
  };
}

/** A file that was found with `.conf` put behind its name goes by the name without it (language.md section 8). */
function pathRead({ path }: SourceFile, host: Host): string {
  const isText = (name: string): boolean => ['text', 'bytes'].includes(host.read(name)?.kind ?? '');
  return !isText(path) && isText(`${path}.conf`) ? `${path}.conf` : path;
}
