import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { UsageError } from './command.ts';
import { systemWords } from './io.ts';

/** The same for a file that the user named (`shown`). Throws UsageError. */
export function replaceNamedFile(shown: string, path: string, bytes: Uint8Array, created: NewFile | null = null): void {
  try {
    replaceFile(path, bytes, created);
  } catch (error) {
    const reason = error instanceof Error ? systemWords(error.message) : String(error);
    throw new UsageError(`${shown}: cannot be written: ${reason}`);
  }
}

export interface NewFile {
  /** Permissions, whatever an earlier file of that name had. */
  readonly mode: number;
}

/**
 * Writes a file as a whole or not at all: beside it under another name, synced, then renamed. Mode and owner of an earlier
 * file stay; a symbolic link stays one and its target is replaced. A device or a pipe is written to as it is: `/dev/null` must
 * not become a file. Without `created` the file must be there. Throws what the system says.
 */
export function replaceFile(path: string, bytes: Uint8Array, created: NewFile | null = null): void {
  const earlier = earlierFile(path, created !== null);
  if (earlier?.isFile === false) {
    writeFileSync(path, bytes);
    return;
  }
  const target = earlier?.path ?? path;
  const mode = created?.mode ?? earlier?.mode ?? 0o600;
  const temporary = join(dirname(target), `.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const file = openSync(temporary, 'wx', mode);
    try {
      fchmodSync(file, mode);
      if (earlier !== null) keepOwner(file, earlier.uid, earlier.gid);
      for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, target);
  } catch (error) {
    removeQuietly(temporary);
    throw error;
  }
}

interface EarlierFile {
  readonly path: string;
  readonly isFile: boolean;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

function earlierFile(path: string, mayBeAbsent: boolean): EarlierFile | null {
  try {
    const target = realpathSync(path);
    const stats = statSync(target);
    return { path: target, isFile: stats.isFile(), mode: stats.mode & 0o7777, uid: stats.uid, gid: stats.gid };
  } catch (error) {
    if (mayBeAbsent && error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

/** Only root may give files away; others own what they may replace, or get an error here instead of a changed owner. */
function keepOwner(file: number, uid: number, gid: number): void {
  if (process.getuid?.() !== uid || process.getgid?.() !== gid) fchownSync(file, uid, gid);
}

function removeQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It was never made.
  }
}
