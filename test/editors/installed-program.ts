import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Conversation } from './conversation.ts';
import { importedFile, sampleFile } from './expected.ts';
import { writeSample } from './sample.ts';
import { until } from './stage.ts';

const root = join(import.meta.dirname, '../..');

/** `maddyc` as users have it, built of this tree: set-up pages call it by its name. And something to edit. */
export interface InstalledProgram {
  /** `PATH` with the program. */
  readonly path: string;
  /** What the editor and the program's language server say. */
  readonly conversation: Conversation;
  /** Where the sample is. */
  readonly folder: string;
  /** Waits until the name is in both files of the sample, on disk. */
  renamed(name: string): Promise<void>;
}

export function installProgram(scratch: string): InstalledProgram {
  const program = join(scratch, 'program');
  execFileSync(process.execPath, [join(root, 'scripts/build.ts'), join(program, 'dist')]);
  cpSync(join(root, 'bin'), join(program, 'bin'), { recursive: true });
  const trace = join(scratch, 'conversation.jsonl');
  const commands = join(scratch, 'commands');
  mkdirSync(commands);
  const command = [process.execPath, join(import.meta.dirname, 'recorder.ts'), trace];
  const maddyc = [process.execPath, join(program, 'bin/maddyc.cjs')];
  const quoted = [...command, ...maddyc].map((word) => `'${word}'`).join(' ');
  writeFileSync(join(commands, 'maddyc'), `#!/bin/sh\nexec ${quoted} "$@"\n`, { mode: 0o755 });
  const folder = join(scratch, 'folder');
  writeSample(folder);
  const files = [sampleFile, importedFile].map((name) => join(folder, name));
  return {
    path: `${commands}${delimiter}${process.env.PATH}`,
    conversation: new Conversation(trace),
    folder,
    renamed: async (name) => {
      await until('both files are saved', async () => files.every((file) => readFileSync(file, 'utf8').includes(name)));
    },
  };
}
