import { canInstallPackages, installPackages } from './debian.ts';
import { hasCommand, readerPackages, servicePackages } from './service-packages.ts';

/**
 * Vitest's global set-up: as root on Debian the packages that the services and readers need are installed, once.
 * Elsewhere nothing is touched; the suites that need them say that they are skipped.
 */
export function setup(): void {
  const wanted = [...Object.values(servicePackages), ...Object.values(readerPackages)];
  const missing = wanted.filter(({ command }) => !hasCommand(command));
  if (missing.length === 0 || !canInstallPackages()) return;
  const packages = missing.flatMap((service) => [...service.packages]);
  process.stderr.write(`test services: installing ${packages.join(' ')}\n`);
  try {
    installPackages(packages);
  } catch (error) {
    process.stderr.write(`test services: not installed: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}
