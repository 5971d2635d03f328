import type { Origin } from '../source/origin.ts';
import { resolvePath } from '../source/path.ts';
import type { Module, Program } from './ir.ts';
import { dependsOnEnvironment, spanOf } from './words.ts';

export interface TableFile {
  /** Absolute, or as far as `state_dir` tells. */
  readonly path: string;
  /** Where the file is named. */
  readonly origin: Origin;
}

/** Files that `table.file` modules read: the only files of the mail system that a check looks at (D20). */
export function tableFiles(program: Program, modules: readonly Module[]): readonly TableFile[] {
  const stateDirectory = program.globals.get('state_dir')?.value;
  const found: TableFile[] = [];
  for (const module of modules) {
    if (module.entry.name !== 'table.file') continue;
    const file = module.config.get('file');
    if (typeof file?.value !== 'string' || file.value === '' || dependsOnEnvironment(file.value)) continue;
    const path = resolvePath(typeof stateDirectory === 'string' ? stateDirectory : '.', file.value);
    const word = file.written[0]?.args[0] ?? module.header.args.find(({ value }) => value === file.value);
    found.push({ path, origin: word?.origin ?? spanOf(module.header) });
  }
  return found;
}
