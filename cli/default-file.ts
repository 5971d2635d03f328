import { UsageError } from './command.ts';
import { DiskHost } from './disk-host.ts';
import type { Io } from './io.ts';

const systemFile = '/etc/maddy/maddy.conf';

/** The file of commands that judge or write, where none is named (R4): the one here, else the one of the environment or the system. */
export function defaultFile({ cwd, env }: Io): string {
  const host = new DiskHost(cwd, {});
  const found = ['maddy.conf', env.MADDY_CONFIG, systemFile].find(
    (path) => path !== undefined && host.read(path).kind !== 'absent',
  );
  if (found === undefined) throw new UsageError(`no FILE given, and there is no maddy.conf here and no ${systemFile}`);
  return found;
}
