import { decodeText } from '../../grammar/encoding.ts';
import { diagnose } from '../diagnostics/diagnose.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Host } from '../host.ts';
import { directoryOf, resolvePath } from '../source/path.ts';
import { settingsValue } from './codes.ts';
import { readEnvironmentFile } from './environment-file.ts';
import type { SettingsReading } from './read-settings.ts';

/** The variables that the server will have, as far as the project says. */
export interface ServerEnvironment {
  /** Null: nobody knows, since the settings name no file, or one that cannot be read. */
  readonly variables: ReadonlyMap<string, string> | null;
  /** Path to load before the answer is sure. */
  readonly missing: readonly string[];
  /** What is wrong with the name of the file. */
  readonly diagnostics: readonly Diagnostic[];
}

const unknown: ServerEnvironment = { variables: null, missing: [], diagnostics: [] };

/** `path`: of the settings. */
export function serverEnvironment(
  { settings, placeOf }: SettingsReading,
  path: string,
  host: Pick<Host, 'read'>,
): ServerEnvironment {
  const { envFile } = settings;
  if (envFile === null) return unknown;
  const named = resolvePath(directoryOf(path), envFile);
  const state = host.read(named);
  if (state === undefined) return { ...unknown, missing: [named] };
  switch (state.kind) {
    case 'text':
      return { ...unknown, variables: readEnvironmentFile(state.text) };
    case 'bytes':
      return { ...unknown, variables: readEnvironmentFile(decodeText(state.bytes)) };
    default: {
      const reason =
        state.kind === 'unreadable' ? state.reason : state.kind === 'directory' ? 'a directory' : 'there is none';
      const details = [
        'The configurations are checked here as if nobody knew the variables; maddyc check stops at this.',
        'Name the file with the variables of the server, relative to maddyc.json, or leave envFile out.',
      ];
      const message = `the file with the variables, ${envFile}, cannot be read: ${reason}`;
      return { ...unknown, diagnostics: [diagnose(settingsValue, message, placeOf('envFile'), { details })] };
    }
  }
}
