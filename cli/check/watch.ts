import { basename, resolve } from 'node:path';
import { settingsName } from '../../compiler/settings/locate.ts';
import type { Invocation } from '../command.ts';
import { type WatchedWork, watchFiles } from '../file-watch.ts';
import { conclude } from './conclude.ts';
import { type Examination, examine, examineAll } from './examine.ts';
import { inputsOf } from './inputs.ts';
import type { Wanted } from './wanted.ts';

/** Checks again what depends on a file whenever that file changes, until the process is told to stop. */
export function watch(wanted: Wanted, invocation: Invocation): Promise<number> {
  return watchFiles(new WatchedChecks(wanted, invocation), invocation);
}

class WatchedChecks implements WatchedWork {
  lastCode = 0;
  readonly #wanted: Wanted;
  readonly #invocation: Invocation;
  #known: ReadonlyMap<string, Examination> = new Map();

  constructor(wanted: Wanted, invocation: Invocation) {
    this.#wanted = wanted;
    this.#invocation = invocation;
  }

  async run(changed: ReadonlySet<string> | null): Promise<void> {
    const { io, operands } = this.#invocation;
    const inputs = await inputsOf(operands, io);
    const fresh = async (path: string): Promise<Examination> => {
      const known = this.#known.get(path);
      return known === undefined || isAffected(known, changed) ? examine(path, this.#wanted.examine, io) : known;
    };
    this.#known = await examineAll(inputs, fresh, io.cwd);
    this.lastCode = await conclude([...this.#known.values()], this.#wanted, this.#invocation);
  }

  concerns(path: string): boolean {
    if (basename(path) === settingsName || /\.(conf|maddy)$/.test(path)) return true;
    return [...this.#known.values()].some(({ dependencies }) => dependencies.includes(path));
  }

  paths(): Iterable<string> {
    const { io, operands } = this.#invocation;
    const named = operands.map((operand) => resolve(io.cwd, operand));
    return [...named, ...[...this.#known.values()].flatMap(({ dependencies }) => dependencies)];
  }
}

function isAffected({ dependencies }: Examination, changed: ReadonlySet<string> | null): boolean {
  if (changed === null) return true;
  // The settings may stand in any folder above.
  return dependencies.some((path) => changed.has(path)) || [...changed].some((path) => basename(path) === settingsName);
}
