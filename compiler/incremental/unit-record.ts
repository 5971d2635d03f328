import type { ExpandedArg } from '../expand/expanded.ts';
import type { Context } from '../ir/context.ts';
import type { MarkedDirective, Reference } from '../ir/ir.ts';
import type { NotedMeanings } from '../ir/meanings.ts';
import { configure } from '../ir/module.ts';
import type { NamedModule } from '../ir/registry.ts';

/** What lowering a unit does besides what it makes, when it finds nothing to say. */
export interface UnitRecord {
  /** References, and the blocks that are configured on the way, in order. */
  readonly events: readonly (Reference | NamedModule)[];
  readonly secrets: readonly ExpandedArg[];
  readonly marked: readonly MarkedDirective[];
  readonly meanings: readonly NotedMeanings[];
  /** By which names it found blocks. */
  readonly found: ReadonlyMap<string, NamedModule>;
}

/** Writes the record of a unit while it is lowered. Units can be inside each other: what the inner ones do is theirs. */
export class UnitRecorder {
  readonly #context: Context;
  readonly #events: (Reference | NamedModule)[] = [];
  readonly #secrets: ExpandedArg[] = [];
  readonly #marked: MarkedDirective[] = [];
  readonly #meanings: NotedMeanings[] = [];
  readonly #found = new Map<string, NamedModule>();
  readonly #suggestions: number;
  #from = { references: 0, secrets: 0, marked: 0, meanings: 0 };
  /** Its result depends on more than the record says. */
  isOpen = false;

  constructor(context: Context) {
    this.#context = context;
    this.#suggestions = context.suggestionsLeft;
    this.goOn();
  }

  found(name: string, block: NamedModule): void {
    this.#found.set(name, block);
  }

  /** Another unit comes in between. */
  pause(): void {
    const { references, secrets, marked, meanings } = this.#context;
    const from = this.#from;
    this.#events.push(...references.slice(from.references));
    this.#secrets.push(...secrets.slice(from.secrets));
    this.#marked.push(...marked.slice(from.marked));
    if (meanings.count > from.meanings) this.#meanings.push(meanings.notedFrom(from.meanings));
  }

  goOn(): void {
    const { references, secrets, marked, meanings } = this.#context;
    this.#from = {
      references: references.length,
      secrets: secrets.length,
      marked: marked.length,
      meanings: meanings.count,
    };
  }

  meet(block: NamedModule): void {
    this.pause();
    this.goOn();
    this.#events.push(block);
  }

  /** Null when it cannot be repeated. */
  record(): UnitRecord | null {
    this.pause();
    if (this.isOpen || this.#context.suggestionsLeft !== this.#suggestions) return null;
    return {
      events: this.#events,
      secrets: this.#secrets,
      marked: this.#marked,
      meanings: this.#meanings,
      found: this.#found,
    };
  }
}

/** Does again what lowering the unit did. */
export function repeat(context: Context, { events, secrets, marked, meanings }: UnitRecord): void {
  for (const event of events) {
    if ('origin' in event) context.references.push(event);
    else {
      event.used = true;
      // All that it leads to finds nothing to say either.
      configure(context, event, []);
    }
  }
  for (const secret of secrets) context.secrets.push(secret);
  for (const each of marked) context.marked.push(each);
  for (const noted of meanings) context.meanings.noteAll(noted);
}
