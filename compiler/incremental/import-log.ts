import type { Directive } from '../expand/directive.ts';
import type { ImportFault, ImportTarget, ImportWorld, Opened } from '../expand/imports.ts';
import type { ReadSource } from '../expand/source-reader.ts';
import type { ImportEvent } from './kept-item.ts';

/** Notes what imports do, so that it can be said again when nothing that they depend on is different. */
export class ImportLog implements ImportWorld {
  readonly #world: ImportWorld;
  readonly #main: ReadSource;
  #events: ImportEvent[] = [];
  /** False: something depends on more than the imports themselves, as what is said of one that leads nowhere. */
  isRepeatable = true;

  constructor(world: ImportWorld, main: ReadSource) {
    this.#world = world;
    this.#main = main;
  }

  get budget(): ImportWorld['budget'] {
    return this.#world.budget;
  }

  open(path: string): Opened {
    return this.#world.open(path);
  }

  lastLine(source: ReadSource): number {
    return this.#world.lastLine(source);
  }

  fault(fault: ImportFault): void {
    this.isRepeatable = false;
    this.#world.fault(fault);
  }

  imported(directive: Directive, target: ImportTarget | null): void {
    // A circle.
    if (target?.kind === 'file' && target.source === this.#main) this.isRepeatable = false;
    this.#events.push({ directive, target });
    this.#world.imported(directive, target);
  }

  /** What came since this was asked last. */
  take(): readonly ImportEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }
}
