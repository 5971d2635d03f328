import { readFileSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ConfigOf } from '../../../compiler/catalog/config-of.ts';
import type { tableFile } from '../../../compiler/catalog/modules/table.file.ts';
import { emptyFileTable, type FileTable, parseFileTable } from '../../../compiler/routing/tables/file.ts';
import { noValues } from '../../../compiler/routing/tables/lookup.ts';
import type { ModuleDefinition, Table } from '../../module.ts';
import type { Logger } from '../../observe/log.ts';

const reloadMilliseconds = 15_000;
/** A file that changed just now may still be written. */
const settleMilliseconds = 7_500;

/** `table.file`: read at load, and again when the file changes. */
export const file: ModuleDefinition<ConfigOf<typeof tableFile>> = {
  name: 'table.file',
  create(config, { log, stateDir }) {
    if (config.file === undefined || config.file === '') return { table: { lookup: () => noValues } };
    const table = new LiveFile(resolve(stateDir, config.file), log);
    let timer: NodeJS.Timeout | undefined;
    return {
      table,
      start: async () => {
        timer = setInterval(() => void table.reload(), reloadMilliseconds).unref();
      },
      stop: async () => clearInterval(timer),
    };
  },
};

export class LiveFile implements Table {
  readonly #path: string;
  readonly #log: Logger;
  #content: FileTable;
  /** What the content was read from; null when there was no file. */
  #version: string | null = null;

  constructor(path: string, log: Logger) {
    this.#path = path;
    this.#log = log;
    let text: string | null = null;
    try {
      text = readFileSync(path, 'utf8');
    } catch (error) {
      if (!isAbsent(error)) throw error;
    }
    if (text === null) this.#ignore();
    this.#content = parseFileTable(text ?? '');
    if (this.#content.faultyLine !== null) throw new Error(faultText(path, this.#content.faultyLine));
  }

  lookup(key: string): readonly string[] {
    return this.#content.entries.get(key) ?? noValues;
  }

  /** Reads a file that changed; a broken one keeps the old content, a deleted one empties the table. */
  async reload(now = Date.now()): Promise<void> {
    try {
      const { mtimeMs, size, ino } = await stat(this.#path);
      const version = `${mtimeMs} ${size} ${ino}`;
      if (version === this.#version || now - mtimeMs < settleMilliseconds) return;
      const content = parseFileTable(await readFile(this.#path, 'utf8'));
      this.#version = version;
      if (content.faultyLine === null) this.#content = content;
      else this.#log.message('failed to reload', { reason: faultText(this.#path, content.faultyLine) });
    } catch (error) {
      if (!isAbsent(error)) this.#log.error('failed to reload', error);
      else if (this.#content !== emptyFileTable) {
        this.#version = null;
        this.#ignore();
      }
    }
  }

  #ignore(): void {
    this.#log.message(`ignoring non-existent file: ${this.#path}`);
    this.#content = emptyFileTable;
  }
}

function faultText(path: string, line: number): string {
  return `${path}:${line}: empty address before colon`;
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
