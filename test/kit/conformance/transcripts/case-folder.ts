import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../free-port.ts';
import type { Surroundings } from '../kind.ts';
import { fill, type Places } from './placeholders.ts';

/** Directories and ports of one case. */
export class CaseFolder {
  readonly places: Places;
  readonly testDir: string;

  private constructor(testDir: string, places: Places) {
    this.testDir = testDir;
    this.places = places;
  }

  /** Ports are found for all names that occur in the case. */
  static async make(recorded: object, surroundings: Surroundings): Promise<CaseFolder> {
    const testDir = await mkdtemp(join(tmpdir(), 'mc-case-'));
    const ports = new Map<string, number>();
    const text = JSON.stringify(recorded);
    const named = [
      ...text.matchAll(/\{port:(\w+)\}|"(?:connect|port|sink|expect_no_service|connect_refused)":"(\w+)"/g),
    ];
    for (const [, placeholder, name = placeholder] of named) {
      if (name === undefined || ports.has(name)) continue;
      ports.set(name, await freePort());
    }
    const places: Places = {
      testDir,
      stateDir: join(testDir, 'state'),
      runtimeDir: join(testDir, 'run'),
      config: join(testDir, 'maddy.conf'),
      argv0: surroundings.command.at(-1) ?? '',
      port: (name) => ports.get(name) ?? 0,
    };
    await mkdir(places.stateDir);
    await mkdir(places.runtimeDir);
    return new CaseFolder(testDir, places);
  }

  fill(text: string): string {
    return fill(text, this.places);
  }

  /** With the lines that every configuration gets in front. */
  async writeConfiguration(text: string): Promise<void> {
    const { stateDir, runtimeDir, config } = this.places;
    await writeFile(config, `state_dir ${stateDir}\nruntime_dir ${runtimeDir}\n\n${this.fill(text)}`);
  }

  async writeStateFile(name: string, content: string, mode = 0o644): Promise<void> {
    const path = join(this.places.stateDir, name);
    await writeFile(path, this.fill(content));
    await chmod(path, mode);
  }

  remove(): Promise<void> {
    return rm(this.testDir, { recursive: true, force: true });
  }
}
