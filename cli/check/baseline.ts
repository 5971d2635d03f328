import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { FileResult, Report } from '../../compiler/index.ts';
import { fingerprints } from '../../compiler/report/fingerprint.ts';
import { fileOf } from '../../compiler/report/report.ts';
import { UsageError } from '../command.ts';
import type { Io } from '../io.ts';
import { replaceNamedFile } from '../replace-file.ts';
import { pathsBelow } from './repository-path.ts';

/** Findings that a project has agreed to live with for now. The fingerprint decides; the rest is for people who read the file. */
interface Baseline {
  readonly version: 1;
  readonly findings: readonly BaselineFinding[];
}

interface BaselineFinding {
  readonly file: string;
  readonly code: string;
  readonly name: string;
  readonly message: string;
  readonly fingerprint: string;
}

export interface Filtered {
  readonly results: readonly FileResult[];
  /** Findings of the baseline that were found again, and are not told. */
  readonly hidden: number;
  /** Findings of the baseline that are no more. */
  readonly gone: number;
}

/** Leaves out what the baseline holds. Throws UsageError when it cannot be read. */
export function withoutBaseline(report: Report, path: string, io: Io): Filtered {
  const known = new Set(readBaseline(path, io).findings.map((each) => each.fingerprint));
  const found = fingerprintsFrom(report, path, io);
  const hiddenOnes = [...found].filter(([, fingerprint]) => known.has(fingerprint)).map(([each]) => each.diagnostic);
  const hidden = new Set(hiddenOnes);
  return {
    results: report.results.map((result) => ({
      ...result,
      diagnostics: result.diagnostics.filter((diagnostic) => !hidden.has(diagnostic)),
    })),
    hidden: hidden.size,
    gone: known.size - hidden.size,
  };
}

/** Writes all that is found now as the baseline; gives how many findings those are. */
export function writeBaseline(report: Report, path: string, io: Io): number {
  const { pathInRepository } = atBaseline(report, path, io);
  const findings = [...fingerprintsFrom(report, path, io)].map(
    ([found, fingerprint]): BaselineFinding => ({
      file: pathInRepository(fileOf(found)),
      code: found.diagnostic.code.code,
      name: found.diagnostic.code.name,
      message: found.diagnostic.message.toWellFormed(),
      fingerprint,
    }),
  );
  const baseline: Baseline = { version: 1, findings: findings.toSorted(inOrder) };
  replaceNamedFile(path, resolve(io.cwd, path), Buffer.from(`${JSON.stringify(baseline, null, 2)}\n`), { mode: 0o644 });
  return findings.length;
}

/** Paths count from the baseline's folder, so that it means the same from wherever `check` is called. */
function atBaseline(report: Report, path: string, { cwd }: Io): Report {
  return { ...report, pathInRepository: pathsBelow(dirname(resolve(cwd, path)), cwd) };
}

function fingerprintsFrom(report: Report, path: string, io: Io): ReturnType<typeof fingerprints> {
  return fingerprints(atBaseline(report, path, io));
}

function inOrder(a: BaselineFinding, b: BaselineFinding): number {
  const keyOf = ({ file, code, fingerprint }: BaselineFinding): string => `${file}\0${code}\0${fingerprint}`;
  return keyOf(a) < keyOf(b) ? -1 : 1;
}

function readBaseline(path: string, { cwd }: Io): Baseline {
  let text: string;
  try {
    text = readFileSync(resolve(cwd, path), 'utf8');
  } catch {
    throw new UsageError(`${path}: the baseline cannot be read`, 'make it with --update-baseline');
  }
  const value = parsed(text);
  if (!isBaseline(value)) {
    throw new UsageError(`${path} is no baseline of maddyc`, 'make it anew with --update-baseline');
  }
  return value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isBaseline(value: unknown): value is Baseline {
  return (
    isObject(value) &&
    value.version === 1 &&
    Array.isArray(value.findings) &&
    value.findings.every((each) => isObject(each) && typeof each.fingerprint === 'string')
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
