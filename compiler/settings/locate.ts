import { decodeText } from '../../grammar/encoding.ts';
import type { Host } from '../host.ts';
import { cleanPath, directoryOf } from '../source/path.ts';
import { createSourceFile, type SourceFile } from '../source/source-file.ts';

export const settingsName = 'maddyc.json';

export interface SettingsSearch {
  /** Null when there is none, or none is known yet. */
  readonly file: SourceFile | null;
  /** Paths to load before the answer is sure. */
  readonly missing: readonly string[];
}

/** The nearest `maddyc.json`, in the directory of the file or above it. `main` is an absolute path. */
export function locateSettings(main: string, host: Pick<Host, 'read'>): SettingsSearch {
  const missing: string[] = [];
  for (let directory = directoryOf(main); ; directory = directoryOf(directory)) {
    const path = cleanPath(`${directory}/${settingsName}`);
    const state = host.read(path);
    if (state === undefined) missing.push(path);
    else if (missing.length === 0 && state.kind === 'text')
      return { file: createSourceFile(path, state.text), missing };
    else if (missing.length === 0 && state.kind === 'bytes') {
      return { file: createSourceFile(path, decodeText(state.bytes)), missing };
    }
    if (directory === directoryOf(directory)) return { file: null, missing };
  }
}
