import type { Dialect } from '../../grammar/dialect.ts';
import type { ExpandedDirective } from '../expand/expanded.ts';
import type { Context } from '../ir/context.ts';
import type { Finding } from '../ir/finding.ts';
import type { Config } from '../ir/ir.ts';
import { type Lowered, lower } from '../ir/program.ts';
import type { DraftModule, NamedModule, Registry } from '../ir/registry.ts';
import type { TopLevel, TopLevelParts, Unit, Units } from '../ir/units.ts';
import { repeat, type UnitRecord, UnitRecorder } from './unit-record.ts';
import { type LookUpWatch, WatchedRegistry } from './watched-registry.ts';

/** What was lowered and can be repeated. */
interface Kept {
  readonly dialect: Dialect;
  readonly header: TopLevel;
  readonly globalDirectives: readonly ExpandedDirective[];
  readonly globals: Config;
  readonly endpoints: ReadonlyMap<ExpandedDirective, DraftModule>;
  readonly blocks: ReadonlyMap<ExpandedDirective, NamedModule>;
  readonly records: ReadonlyMap<Unit, UnitRecord>;
}

/**
 * Lowers one configuration again and again. An endpoint or a named block stays the same module while its directives are the same
 * objects, the global directives too, it leads to blocks alone that stay as they are, and there was nothing to say of any of
 * them: what can be said has places and depends on much.
 */
export class KeptLowering {
  #kept: Kept | null = null;

  /** The same as `lower`. */
  lower(directives: readonly ExpandedDirective[], dialect: Dialect, main: ExpandedDirective['origin'] | null): Lowered {
    const kept = this.#kept;
    this.#kept = null;
    const units = new KeptUnits(kept?.dialect === dialect ? kept : null);
    const lowered = lower(directives, dialect, main, units);
    this.#kept = units.result();
    return lowered;
  }
}

/** One run. */
class KeptUnits implements Units, LookUpWatch {
  readonly registry: Registry = new WatchedRegistry(this);
  readonly #kept: Kept | null;
  /** Those that are repeated. */
  readonly #valid = new Set<Unit>();
  readonly #records = new Map<Unit, UnitRecord>();
  readonly #modules = new Map<ExpandedDirective, DraftModule>();
  /** Of the units that are inside each other now; null for one that is repeated. */
  readonly #recorders: (UnitRecorder | null)[] = [];
  #context: Context | null = null;
  #parts: TopLevelParts | null = null;

  constructor(kept: Kept | null) {
    this.#kept = kept;
  }

  begin(context: Context, parts: TopLevelParts): void {
    this.#context = context;
    this.#parts = parts;
    const kept = this.#kept;
    if (kept === null || !areSame(kept.globalDirectives, parts.globals)) return;
    this.#validate(kept, parts.endpoints);
    if (!this.#valid.has('globals')) {
      this.#valid.clear();
      return;
    }
    kept.header.moveTo(parts.header);
    this.#parts = { ...parts, header: kept.header };
    const others = new Map<NamedModule, NamedModule>();
    for (const block of this.registry.blocks.values()) {
      const before = kept.blocks.get(block.header);
      if (before === undefined || !this.#valid.has(before.module)) continue;
      before.used = false;
      before.begun = false;
      others.set(block, before);
    }
    this.registry.exchange(others);
  }

  /** Finds those that are as they were, and lead to nothing but such. */
  #validate({ records, blocks, endpoints }: Kept, headers: readonly ExpandedDirective[]): void {
    const candidates: Unit[] = ['globals'];
    for (const header of headers) {
      const module = endpoints.get(header);
      if (module !== undefined) candidates.push(module);
    }
    for (const { header } of this.registry.blocks.values()) {
      const block = blocks.get(header);
      if (block !== undefined) candidates.push(block.module);
    }
    const leadHere = new Map<Unit, Unit[]>();
    for (const unit of candidates) {
      const record = records.get(unit);
      if (record === undefined || !this.#findsTheSame(record)) continue;
      this.#valid.add(unit);
      for (const { module } of record.found.values()) {
        const others = leadHere.get(module);
        if (others === undefined) leadHere.set(module, [unit]);
        else others.push(unit);
      }
    }
    const gone = [...leadHere.keys()].filter((unit) => !this.#valid.has(unit));
    for (let unit = gone.pop(); unit !== undefined; unit = gone.pop()) {
      for (const other of leadHere.get(unit) ?? []) if (this.#valid.delete(other)) gone.push(other);
    }
  }

  #findsTheSame({ found }: UnitRecord): boolean {
    for (const [name, { header }] of found) if (this.registry.find(name)?.header !== header) return false;
    return true;
  }

  endpointOf(header: ExpandedDirective): DraftModule | undefined {
    const module = this.#kept?.endpoints.get(header);
    return module !== undefined && this.#valid.has(module) ? module : undefined;
  }

  found(name: string, block: NamedModule): void {
    this.#recorders.at(-1)?.found(name, block);
  }

  askedForMore(): void {
    const recorder = this.#recorders.at(-1);
    if (recorder != null) recorder.isOpen = true;
  }

  meet(_: Context, block: NamedModule): void {
    this.#recorders.at(-1)?.meet(block);
  }

  perform(context: Context, unit: Unit, out: Finding[], make: (out: Finding[]) => void): void {
    const known = this.#valid.has(unit) ? this.#kept?.records.get(unit) : undefined;
    this.#recorders.at(-1)?.pause();
    if (known === undefined) this.#record(context, unit, out, make);
    else {
      if (unit === 'globals') context.globals = this.#kept?.globals ?? context.globals;
      this.#keep(unit, known);
      this.#recorders.push(null);
      repeat(context, known);
      this.#recorders.pop();
    }
    this.#recorders.at(-1)?.goOn();
  }

  #record(context: Context, unit: Unit, out: Finding[], make: (out: Finding[]) => void): void {
    const recorder = new UnitRecorder(context);
    const own: Finding[] = [];
    this.#recorders.push(recorder);
    make(own);
    this.#recorders.pop();
    for (const each of own) out.push(each);
    const record = own.length === 0 ? recorder.record() : null;
    if (record !== null) this.#keep(unit, record);
  }

  #keep(unit: Unit, record: UnitRecord): void {
    this.#records.set(unit, record);
    if (unit !== 'globals' && unit.name === null) this.#modules.set(unit.header, unit);
  }

  /** For the next run. */
  result(): Kept | null {
    if (this.#context === null || this.#parts === null) return null;
    const { dialect, globals } = this.#context;
    const blocks = new Map([...this.registry.blocks.values()].map((block) => [block.header, block]));
    const { header, globals: globalDirectives } = this.#parts;
    return { dialect, header, globalDirectives, globals, endpoints: this.#modules, blocks, records: this.#records };
  }
}

function areSame(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((each, index) => each === other[index]);
}
