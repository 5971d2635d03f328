import type { ExpandedDirective } from '../expand/expanded.ts';
import type { Context } from './context.ts';
import type { Finding } from './finding.ts';
import { type DraftModule, type NamedModule, Registry } from './registry.ts';

/** What lowering does one by one: the global directives, and each endpoint and named block. */
export type Unit = 'globals' | DraftModule;

/** Has the units of lowering done. Whoever lowers again and again can have some of them said again instead (compiler/incremental). */
export interface Units {
  /** In which blocks are filed and looked up. */
  readonly registry: Registry;
  /** All names are known, and nothing has been lowered yet. */
  begin(context: Context, parts: TopLevelParts): void;
  /** The module that an endpoint was the last time. */
  endpointOf(header: ExpandedDirective): DraftModule | undefined;
  /** What is done now refers to the block. */
  meet(context: Context, block: NamedModule): void;
  perform(context: Context, unit: Unit, out: Finding[], make: (out: Finding[]) => void): void;
}

export interface TopLevelParts {
  /** Stands for the file as a whole. */
  readonly header: TopLevel;
  readonly globals: readonly ExpandedDirective[];
  readonly endpoints: readonly ExpandedDirective[];
}

/** Does each unit. */
export function newUnits(): Units {
  return {
    registry: new Registry(),
    begin: () => {},
    endpointOf: () => undefined,
    meet: () => {},
    perform: (_, __, out, make) => make(out),
  };
}

/** Stands for the file as a whole: the first directive, or the start of the main file. */
export class TopLevel implements ExpandedDirective {
  readonly name = '';
  readonly args = [];
  readonly line = 1;
  #block: readonly ExpandedDirective[];
  #origin: ExpandedDirective['origin'];

  constructor(block: readonly ExpandedDirective[], origin: ExpandedDirective['origin']) {
    this.#block = block;
    this.#origin = origin;
  }

  get block(): readonly ExpandedDirective[] {
    return this.#block;
  }

  get origin(): ExpandedDirective['origin'] {
    return this.#origin;
  }

  get range(): ExpandedDirective['range'] {
    return this.#origin.range;
  }

  /** To the place and the directives of a later one. */
  moveTo({ block, origin }: TopLevel): void {
    this.#block = block;
    this.#origin = origin;
  }
}
