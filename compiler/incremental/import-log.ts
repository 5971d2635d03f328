import type { Directive } from '../expand/directive.ts';
import { unknownImport } from '../expand/expand-codes.ts';
import type { ImportFault, ImportTarget, ImportWorld, Opened } from '../expand/imports.ts';
import type { ReadSource } from '../expand/source-reader.ts';
import type { ImportEvent } from './kept-item.ts';

/** Notes what imports do, so that it can be said again when nothing that they depend on is different. */
export class ImportLog implements ImportWorld {
  readonly #world: ImportWorld;
  readonly #main: ReadSource;
  #events: ImportEvent[] = [];
  /** An import that leads nowhere is the first thing that the reference says. */
  firstFault: ImportFault | null = null;
  /** False: something depends on more than the imports themselves. */
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

  exceeded(directive: Directive): void {
    this.#world.exceeded(directive);
  }

  lastLine(source: ReadSource): number {
    return this.#world.lastLine(source);
  }

  fault(fault: ImportFault): void {
    if (fault.code !== unknownImport) this.isRepeatable = false;
    this.firstFault ??= fault;
    this.#events.push({ kind: 'fault', fault });
    this.#world.fault(fault);
  }

  imported(directive: Directive, target: ImportTarget | null): void {
    // A circle; or a file that the faults before it do not know yet, though they could name what it declares.
    if (target?.kind === 'file' && (target.source === this.#main || this.firstFault !== null))
      this.isRepeatable = false;
    this.#events.push({ kind: 'imported', directive, target });
    this.#world.imported(directive, target);
  }

  /** What came since this was asked last. */
  take(): readonly ImportEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  /** Does again what was noted before. */
  repeat(events: readonly ImportEvent[]): void {
    for (const event of events) {
      if (event.kind === 'fault') this.fault(event.fault);
      else this.imported(event.directive, event.target);
    }
    this.#events = [];
  }
}
