import type { ModuleSpec } from '../catalog/define.ts';
import type { ExpandedArg, ExpandedDirective } from '../expand/expanded.ts';
import type { Block, Config, Module, Pipeline } from './ir.ts';

const nothing: Config = new Map();

/** A module whose parts come in while it is lowered: references to it may be met before. */
export class DraftModule implements Module {
  readonly entry: ModuleSpec;
  readonly name: string | null;
  readonly header: ExpandedDirective;
  readonly addresses: readonly ExpandedArg[];
  config: Config = nothing;
  pipeline: Pipeline | null = null;
  bounce: Pipeline | null = null;

  constructor(
    entry: ModuleSpec,
    name: string | null,
    header: ExpandedDirective,
    addresses: readonly ExpandedArg[] = [],
  ) {
    this.entry = entry;
    this.name = name;
    this.header = header;
    this.addresses = addresses;
  }
}

export class NamedModule implements Block {
  readonly name: string;
  readonly header: ExpandedDirective;
  readonly entry: ModuleSpec;
  readonly module: DraftModule;
  used = false;
  /** Lowering has begun; a reference that is met meanwhile closes a circle. */
  begun = false;

  constructor(name: string, header: ExpandedDirective, entry: ModuleSpec) {
    this.name = name;
    this.header = header;
    this.entry = entry;
    this.module = new DraftModule(entry, name, header);
  }
}

/** Named blocks: by the names that are written, and by those under which maddy files some of them (D19). */
export class Registry {
  readonly blocks = new Map<string, NamedModule>();
  readonly #aliases = new Map<string, NamedModule>();
  readonly #moduleNames = new Map<string, NamedModule>();
  readonly #unreadable = new Set<string>();

  find(name: string): NamedModule | undefined {
    return this.blocks.get(name) ?? this.#aliases.get(name) ?? this.#moduleNames.get(name);
  }

  /** What maddy 0.9.4 finds under this name. */
  findAsMaddy(name: string): NamedModule | undefined {
    const written = this.blocks.get(name);
    if (written !== undefined && written.entry.registersAs === undefined) return written;
    return this.#moduleNames.get(name);
  }

  add(block: NamedModule): void {
    this.blocks.set(block.name, block);
    if (block.entry.registersAs !== undefined && !this.#moduleNames.has(block.entry.name)) {
      this.#moduleNames.set(block.entry.name, block);
    }
  }

  /** Has others in the place of blocks, under the same names. */
  exchange(others: ReadonlyMap<NamedModule, NamedModule>): void {
    for (const names of [this.blocks, this.#aliases, this.#moduleNames]) {
      for (const [name, block] of names) {
        const other = others.get(block);
        if (other !== undefined) names.set(name, other);
      }
    }
  }

  addAlias(name: string, block: NamedModule): void {
    this.#aliases.set(name, block);
  }

  /** A block of this name is there, but of a module that nobody knows. */
  noteUnreadable(name: string): void {
    this.#unreadable.add(name);
  }

  isUnreadable(name: string): boolean {
    return this.#unreadable.has(name);
  }

  /** Every name that a reference may use. */
  names(): readonly string[] {
    return [...this.blocks.keys(), ...this.#aliases.keys()];
  }
}
