import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A small file system of its own in a new directory; `size` as `mount` wants it. Throws where it may not be mounted. */
export class SmallDisk {
  readonly directory: string;

  constructor(size: string, directory = mkdtempSync(join(tmpdir(), 'maddyc-disk-'))) {
    this.directory = directory;
    mkdirSync(directory, { recursive: true });
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', directory], { stdio: 'ignore' });
    } catch (error) {
      rmSync(directory, { recursive: true });
      throw error;
    }
  }

  /** Null where small file systems can be mounted, else why not. */
  static missing(): string | null {
    try {
      new SmallDisk('1m').remove();
      return null;
    } catch {
      return 'a small file system cannot be mounted here';
    }
  }

  remove(): void {
    execFileSync('umount', [this.directory]);
    rmSync(this.directory, { recursive: true });
  }
}
