import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { locateSettings } from '../compiler/settings/locate.ts';
import type { SettingsReading } from '../compiler/settings/read-settings.ts';
import type { SourceFile } from '../compiler/source/source-file.ts';
import { UsageError } from './command.ts';
import { DiskHost } from './disk-host.ts';
import type { Io } from './io.ts';

export interface EnvironmentOptions {
  /** `--env-file`: the variables that the server has, and no others. */
  readonly envFile?: string | undefined;
  /** `--require-env`: the variables here are those of the server. */
  readonly isComplete?: boolean;
}

/** What a project says about a file, and the variables that go with it. */
export interface Project {
  readonly settings: SettingsReading | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A variable that is not in `env` will not be there on the server either. */
  readonly environmentIsComplete: boolean;
}

export async function openProject(path: string, io: Io, options: EnvironmentOptions = {}): Promise<Project> {
  const { file, settings } = await projectSettings(path, io);
  const named = settings?.settings.envFile ?? null;
  const ofProject = file === null || named === null ? undefined : resolve(dirname(file.path), named);
  const envFile = options.envFile === undefined ? ofProject : resolve(io.cwd, options.envFile);
  if (envFile !== undefined) return { settings, env: await readEnvironment(envFile), environmentIsComplete: true };
  return { settings, env: io.env, environmentIsComplete: options.isComplete === true };
}

/** Looks for `maddyc.json` beside the file and above it; of standard input, from the working directory. */
export async function projectSettings(
  path: string,
  { cwd }: Pick<Io, 'cwd'>,
): Promise<{ readonly file: SourceFile | null; readonly settings: SettingsReading | null }> {
  const disk = new DiskHost(cwd, {});
  const { file } = locateSettings(resolve(cwd, path), {
    read: (each) => (existsSync(each) ? disk.read(each) : { kind: 'absent' }),
  });
  // The reader is loaded only where there is something to read.
  const settings = file === null ? null : (await import('../compiler/settings/read-settings.ts')).readSettings(file);
  return { file, settings };
}

async function readEnvironment(path: string): Promise<Project['env']> {
  const { parseEnv } = await import('node:util');
  try {
    return parseEnv(readFileSync(path, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new UsageError(`${path}: the file with the variables cannot be read (${reason})`);
  }
}
