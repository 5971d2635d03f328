import { type FormatName, isFormatName, type Severity } from '../../compiler/index.ts';
import { type Invocation, UsageError } from '../command.ts';
import { namedDialect } from '../dialect.ts';
import type { ExamineOptions } from './examine.ts';

/** What the options of `check` ask for. */
export interface Wanted {
  readonly format: FormatName;
  readonly examine: ExamineOptions;
  /** So many warnings are not a failure. */
  readonly mostWarnings: number;
  readonly baseline: string | null;
  readonly updatesBaseline: boolean;
  readonly fix: 'safe' | 'all' | null;
  readonly showsDiff: boolean;
  readonly watches: boolean;
}

/** Throws UsageError for options that do not go together. */
export function wantedBy(invocation: Invocation): Wanted {
  const { has, value, operands } = invocation;
  const readsStdin = operands.includes('-');
  const fix = value('fix');
  const baseline = value('baseline') ?? null;
  const showsDiff = has('diff');
  if (has('stdin-filename') && !readsStdin) throw new UsageError('--stdin-filename goes with the file "-"');
  if (has('update-baseline') && baseline === null) throw new UsageError('--update-baseline needs --baseline FILE');
  if (fix !== undefined && readsStdin && !showsDiff) {
    throw new UsageError('--fix cannot write standard input', 'add --diff to see what it would do');
  }
  if (showsDiff && (has('format') || has('json')))
    throw new UsageError('--diff shows a diff and no report: leave --format out');
  if (has('watch') && (readsStdin || fix !== undefined || showsDiff || baseline !== null)) {
    throw new UsageError('--watch goes without standard input, --fix, --diff and --baseline');
  }
  return {
    format: formatFor(invocation),
    examine: {
      open: {
        stdinFilename: value('stdin-filename'),
        envFile: value('env-file'),
        isComplete: has('require-env'),
      },
      analysis: {
        asMaddy: value('as') !== undefined,
        targetVersion: targetVersion(value('target-version')),
        dialect: namedDialect(invocation),
      },
      looksAtHost: has('host-checks'),
    },
    mostWarnings: mostWarnings(invocation),
    baseline,
    updatesBaseline: has('update-baseline'),
    fix: fix === undefined ? (showsDiff ? 'safe' : null) : fix === 'all' ? 'all' : 'safe',
    showsDiff,
    watches: has('watch'),
  };
}

/** Severities that make a run fail, apart from a number of warnings that is allowed. */
export function failingSeverities({ mostWarnings: most }: Wanted): ReadonlySet<Severity> {
  return new Set(most === 0 ? ['error', 'warning'] : ['error']);
}

function formatFor({ has, value, io }: Invocation): FormatName {
  const named = value('format');
  if (has('json') && named !== undefined && named !== 'json') throw new UsageError(`--json and --format ${named}`);
  if (has('json')) return 'json';
  if (named !== undefined && isFormatName(named)) return named;
  return io.env.GITHUB_ACTIONS === 'true' ? 'github' : 'pretty';
}

function targetVersion(text: string | undefined): string | undefined {
  if (text === undefined || /^\d+(\.\d+)+$/.test(text)) return text;
  throw new UsageError(`--target-version ${text}: not a version`, 'write it as 0.9.4');
}

function mostWarnings({ has, value }: Invocation): number {
  const limit = value('max-warnings');
  if (limit === undefined) return has('error-on-warnings') ? 0 : Number.POSITIVE_INFINITY;
  if (!/^\d+$/.test(limit)) throw new UsageError(`--max-warnings ${limit}: not a number`);
  return Number(limit);
}
