import { type NamedModule, Registry } from '../ir/registry.ts';

/** Who is told what was looked up. */
export interface LookUpWatch {
  found(name: string, block: NamedModule): void;
  /** The answer depends on more than one block that is there. */
  askedForMore(): void;
}

/** Tells by which names blocks were found. */
export class WatchedRegistry extends Registry {
  readonly #watch: LookUpWatch;

  constructor(watch: LookUpWatch) {
    super();
    this.#watch = watch;
  }

  override find(name: string): NamedModule | undefined {
    const block = super.find(name);
    if (block === undefined) this.#watch.askedForMore();
    else this.#watch.found(name, block);
    return block;
  }

  override findAsMaddy(name: string): NamedModule | undefined {
    this.#watch.askedForMore();
    return super.findAsMaddy(name);
  }

  override isUnreadable(name: string): boolean {
    this.#watch.askedForMore();
    return super.isUnreadable(name);
  }

  override names(): readonly string[] {
    this.#watch.askedForMore();
    return super.names();
  }
}
