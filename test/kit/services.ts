import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe } from 'vitest';
import { hasCommand, type ReaderName, readerPackages, type ServiceName, servicePackages } from './service-packages.ts';

const execute = promisify(execFile);

const everything = { ...servicePackages, ...readerPackages };

/** Null when the service or program is there, else why its tests are skipped. */
export function missingService(name: ServiceName | ReaderName): string | null {
  const { command, packages } = everything[name];
  return hasCommand(command) ? null : `${command} not found (apt-get install ${packages.join(' ')})`;
}

/**
 * A suite that needs real services. Where one is missing the suite is skipped with the reason in its name; with
 * `CI=true` that is a failure, because a suite that is always skipped proves nothing.
 */
export function describeWithServices(
  title: string,
  names: readonly (ServiceName | ReaderName)[],
  suite: () => void,
): void {
  const reasons = names.map(missingService).filter((reason) => reason !== null);
  if (reasons.length === 0) {
    describe(title, suite);
  } else if (process.env.CI === 'true') {
    throw new Error(`${title}: ${reasons.join(', ')}`);
  } else {
    describe.skip(`${title} [skipped: ${reasons.join(', ')}]`, suite);
  }
}

export interface Service {
  /** KEY=VALUE lines of the script: ports, sockets, pids. */
  readonly env: Readonly<Record<string, string>>;
  readonly directory: string;
  stop(): Promise<void>;
  /** Starts again in the same directory: data is kept, ports and sockets may be given by `env`. */
  start(env?: Record<string, string>): Promise<void>;
  /** Stops and removes the directory. */
  dispose(): Promise<void>;
}

/** Starts `test/services/NAME.sh` in a directory of its own, which settings may depend on. */
export async function startService(
  name: ServiceName,
  settings: Record<string, string> | ((directory: string) => Promise<Record<string, string>>) = {},
): Promise<Service> {
  const script = join(import.meta.dirname, '..', 'services', `${name}.sh`);
  // The servers run as an ordinary user when the tests run as root: the directory must be searchable for it.
  const parent = await mkdtemp(join(tmpdir(), 'mc-'));
  await chmod(parent, 0o711);
  const directory = join(parent, 's');
  const env = typeof settings === 'function' ? await settings(directory) : settings;
  let values: Record<string, string> = {};
  const start = async (more: Record<string, string> = {}) => {
    const { stdout } = await execute('bash', [script, 'start', directory], {
      env: { ...process.env, ...env, ...more },
      timeout: 30_000,
    });
    values = Object.fromEntries(
      stdout
        .split('\n')
        .map((line) => /^([A-Z0-9_]+)=(.*)$/.exec(line))
        .filter((match) => match !== null)
        .map(([, key = '', value = '']) => [key, value]),
    );
  };
  const stop = async () => {
    await execute('bash', [script, 'stop', directory], { timeout: 15_000 });
  };
  await start();
  return {
    get env() {
      return values;
    },
    directory,
    start,
    stop,
    dispose: async () => {
      await stop();
      await rm(parent, { recursive: true, force: true });
    },
  };
}
