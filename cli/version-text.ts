import { version } from './version.ts';

/** Where maddy looks, and so do we. */
export const usualPlaces = { config: '/etc/maddy/maddy.conf', state_dir: '/var/lib/maddy', runtime_dir: '/run/maddy' };

/** In maddy's form (runtime-core 1): the version, an empty line, a line for each of the usual places. */
export function versionText(): string {
  const { platform, arch, versions } = process;
  const places = Object.entries(usualPlaces).map(([name, path]) => `default ${name}: ${path}\n`);
  return `${version} ${platform}/${arch} node${versions.node}\n\n${places.join('')}`;
}
