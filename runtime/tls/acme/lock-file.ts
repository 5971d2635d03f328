import { mkdir, open, rm, stat, utimes } from 'node:fs/promises';
import { dirname } from 'node:path';

const refreshMilliseconds = 10_000;
/** A lock that nobody refreshed for so long belongs to a process that is gone. */
const staleMilliseconds = 60_000;

/**
 * Does `work` unless another process, or another endpoint of this one, is doing it: then nothing, and false.
 * Several servers may share the directory.
 */
export async function withLockFile(path: string, work: () => Promise<void>): Promise<boolean> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  if (!(await create(path))) {
    if (!(await isStale(path))) return false;
    await rm(path, { force: true });
    if (!(await create(path))) return false;
  }
  const timer = setInterval(() => void refresh(path), refreshMilliseconds).unref();
  try {
    await work();
    return true;
  } finally {
    clearInterval(timer);
    await rm(path, { force: true });
  }
}

async function create(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx', 0o600);
    await file.close();
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

async function isStale(path: string): Promise<boolean> {
  try {
    return Date.now() - (await stat(path)).mtimeMs > staleMilliseconds;
  } catch {
    return true;
  }
}

async function refresh(path: string): Promise<void> {
  const now = new Date();
  await utimes(path, now, now).catch(() => {});
}
