import type { Dialect } from '../../grammar/dialect.ts';
import type { Severity } from '../diagnostics/diagnostic.ts';

/** What a project says about its configurations, in `maddyc.json` (docs/settings.md). */
export interface Settings {
  /** By code or name of the rule, as written. */
  readonly rules: ReadonlyMap<string, Severity | 'off'>;
  readonly dialect: Dialect | null;
  /** The release of maddy that the files are for, as `0.9.4`. */
  readonly targetVersion: string | null;
  /** Path of the variables that the server has; relative to the settings' directory, as the main files. */
  readonly envFile: string | null;
  /** Patterns with `*`, `**` and `?`; empty: only `maddy.conf`. */
  readonly mainFiles: readonly string[];
  /** Domains whose mail stays here, besides those that the file shows (R10). */
  readonly localDomains: readonly string[];
}

export const noSettings: Settings = {
  rules: new Map(),
  dialect: null,
  targetVersion: null,
  envFile: null,
  mainFiles: [],
  localDomains: [],
};
