import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { hasCommand, servicePackages } from './service-packages.ts';

/**
 * Vitest's global set-up: as root on Debian the packages that the services need are installed, once.
 * Elsewhere nothing is touched; the suites that need them say that they are skipped.
 */
export function setup(): void {
  const missing = Object.values(servicePackages).filter(({ command }) => !hasCommand(command));
  if (missing.length === 0 || process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) return;
  const packages = missing.flatMap((service) => [...service.packages]);
  process.stderr.write(`test services: installing ${packages.join(' ')}\n`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args: string[]) =>
    execFileSync('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=120', ...args], {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: 240_000,
    });
  try {
    apt('update');
    // The packages must not start daemons of the system: the tests start private ones.
    apt('install', '-y', '--no-install-recommends', '-o', 'Dpkg::Options::=--force-confold', ...packages);
  } catch (error) {
    process.stderr.write(`test services: not installed: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}
