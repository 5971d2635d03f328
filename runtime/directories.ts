import { rmSync, writeFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { Plan } from '../compiler/plan/plan.ts';
import { textAt } from '../compiler/routing/plan-values.ts';
import type { Directories } from './generation.ts';
import { makeDirectory } from './make-directory.ts';
import { systemReasonOf } from './reason-of.ts';

/** Where a plan keeps what it writes; must be absolute. */
export function directoriesOf(plan: Plan, libexecDir = '/usr/lib/maddy'): Directories {
  const stateDir = textAt(plan.globals, 'state_dir') ?? '/var/lib/maddy';
  const runtimeDir = textAt(plan.globals, 'runtime_dir') ?? '/run/maddy';
  if (!isAbsolute(stateDir)) throw new Error('statedir should be absolute');
  if (!isAbsolute(runtimeDir)) throw new Error('runtimedir should be absolute');
  if (!isAbsolute(libexecDir)) throw new Error('-libexec should be absolute');
  return { stateDir, runtimeDir, libexecDir };
}

/** Makes them and tries them out (runtime-core 2.1, step 4): a server that cannot write should not begin. */
export function prepareDirectories({ stateDir, runtimeDir }: Pick<Directories, 'stateDir' | 'runtimeDir'>): void {
  for (const directory of [stateDir, runtimeDir]) {
    makeDirectory(directory);
    const probe = join(directory, 'writeable-test');
    try {
      writeFileSync(probe, '');
    } catch (error) {
      throw new Error(`open ${probe}: ${systemReasonOf(error)}`, { cause: error });
    }
    // Workers that start together try together.
    rmSync(probe, { force: true });
  }
}
