import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { analyse } from '../../compiler/index.ts';
import { type Invocation, UsageError } from '../command.ts';
import { producer, writeFindings } from '../configuration.ts';
import { defaultFile } from '../default-file.ts';
import { type LoadedPlan, loadPlan } from '../load-plan.ts';
import { findCommit, findRepository, RevisionHost } from './revision-host.ts';

/** One of the two configurations: a file, or a file in a revision. */
export interface Side {
  readonly path: string;
  /** Null: on the disk. */
  readonly revision: string | null;
}

/**
 * What the operands mean: `OLD NEW` are files, `REV:PATH`, or revisions of the file that the third operand names; with one operand, the
 * file as it was there and as it is. Throws UsageError.
 */
export function readSides({ operands, io }: Invocation): readonly [Side, Side] {
  const [old, now, path] = operands;
  if (old === undefined) {
    throw new UsageError('two configurations are needed', 'maddyc diff OLD.conf NEW.conf, or in git: maddyc diff main');
  }
  const isFile = (text: string): boolean => existsSync(resolve(io.cwd, text));
  const side = (text: string, file: () => string): Side => {
    if (isFile(text)) return { path: text, revision: null };
    const colon = text.indexOf(':');
    if (colon > 0) return { path: text.slice(colon + 1), revision: text.slice(0, colon) };
    commitOf(text, io.cwd);
    return { path: file(), revision: text };
  };
  if (path !== undefined) return [side(old, () => path), side(now ?? '', () => path)];
  if (now === undefined) {
    const before = side(old, () => defaultFile(io));
    if (before.revision === null)
      throw new UsageError(`${old}: with what shall it be compared?`, 'maddyc diff OLD NEW');
    return [before, { path: before.path, revision: null }];
  }
  const after = side(now, () => defaultFile(io));
  return [side(old, () => after.path), after];
}

/** Null when the configuration has errors, which are then shown. */
export async function loadSide({ path, revision }: Side, invocation: Invocation): Promise<LoadedPlan | null> {
  const { io } = invocation;
  if (revision === null) return loadPlan(path, invocation);
  const { commit, top } = commitOf(revision, io.cwd);
  const host = new RevisionHost(commit, top, io.cwd, io.env);
  const state = host.read(path);
  if (state.kind !== 'bytes') throw new UsageError(`${path} is not in ${revision}`);
  const analysis = analyse(path, host, { environment: 'expand' });
  const { plan, diagnostics } = analysis.plan(producer);
  if (plan !== null) return { plan, host, analysis };
  io.stderr.write(`in ${revision}:\n`);
  writeFindings(diagnostics, analysis, io.stderr, invocation);
  return null;
}

/** Throws UsageError where there is none. */
function commitOf(revision: string, cwd: string) {
  const repository = findRepository(cwd);
  if (repository === null) throw new UsageError(`${revision}: no such file, and this is no git repository`);
  const commit = findCommit(revision, cwd);
  if (commit === null) throw new UsageError(`${revision}: neither a file nor a revision`);
  return { commit, top: repository.top };
}

export function sideName({ path, revision }: Side): string {
  return revision === null ? path : `${revision}:${path}`;
}
