import { existsSync, readFileSync } from 'node:fs';
import { field } from './conformance/kind.ts';

/** Real configurations lie beside the repository, not in it; there may be none. */
const corpus = new URL('../../../shared/corpus/', import.meta.url);

export interface CorpusEntry {
  readonly file: string;
  readonly dialect: string;
  /** maddy's verdict. */
  readonly verdict: string;
  readonly error: string | null;
  /** What was found is no configuration as its writer had it. */
  readonly artifact: boolean;
}

export function corpusEntries(): readonly CorpusEntry[] {
  const index = new URL('index.json', corpus);
  if (!existsSync(index)) return [];
  const entries = field(JSON.parse(readFileSync(index, 'utf8')), 'entries');
  return (Array.isArray(entries) ? entries : []).map((entry: unknown) => ({
    file: String(field(entry, 'file')),
    dialect: String(field(entry, 'dialect')),
    verdict: String(field(entry, 'verdict')),
    error: typeof field(entry, 'error') === 'string' ? String(field(entry, 'error')) : null,
    artifact: field(entry, 'artifact') === true,
  }));
}

export function corpusFile(file: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(file, corpus)));
}
