import type { Range } from '../../grammar/range.ts';
import type { Origin } from '../source/origin.ts';
import { lineIndexAt, type SourceFile } from '../source/source-file.ts';
import { type Passage, Span } from '../source/span.ts';
import type { ExpandedArg, ExpandedDirective } from './expanded.ts';
import { type Trail, viaOf } from './trail.ts';

/** Offsets stand bare in the objects and places are made on demand: a large file has a hundred thousand arguments. */
export class Argument extends Span implements ExpandedArg {
  readonly value: string;
  readonly trail: Trail | null;

  constructor(value: string, passage: Passage, from: number, to: number, trail: Trail | null) {
    super(passage, from, to);
    this.value = value;
    this.trail = trail;
  }

  get origin(): Origin {
    return { file: this.file, range: this.range, via: viaOf(this.trail) };
  }

  withTrail(trail: Trail): Argument {
    return new Argument(this.value, this.passage, this.from, this.to, trail);
  }
}

/** What a directive and its copies have in common; offsets in the passage. */
export interface WrittenDirective {
  readonly passage: Passage;
  readonly from: number;
  readonly nameTo: number;
  readonly to: number;
  readonly vanished: readonly Argument[];
}

const nothing: readonly Directive[] = [];

export class Directive implements ExpandedDirective {
  readonly name: string;
  /** Exchanged only while the file is read, by macros. */
  args: readonly Argument[];
  readonly block: readonly Directive[] | null;
  readonly passage: Passage;
  readonly from: number;
  readonly nameTo: number;
  readonly to: number;
  readonly vanished: readonly Argument[];
  readonly trail: Trail | null;
  /** Directives from here downwards with arguments that still look like macro references; null: none. */
  unsettled: Directive[] | null = null;
  /** Some word from here downwards may have come from elsewhere. */
  mayBorrow: boolean;
  /** It is an import, or one stands in it. */
  readonly holdsImport: boolean;

  constructor(
    name: string,
    args: readonly Argument[],
    block: readonly Directive[] | null,
    written: WrittenDirective,
    trail: Trail | null,
  ) {
    this.name = name;
    this.args = args;
    this.block = block;
    this.passage = written.passage;
    this.from = written.from;
    this.nameTo = written.nameTo;
    this.to = written.to;
    this.vanished = written.vanished;
    this.trail = trail;
    let holdsImport = name === 'import';
    let mayBorrow = args.some(hasTrail);
    for (const child of block ?? nothing) {
      mayBorrow ||= child.mayBorrow;
      holdsImport ||= child.holdsImport;
    }
    this.mayBorrow = mayBorrow;
    this.holdsImport = holdsImport;
  }

  withBlock(block: readonly Directive[]): Directive {
    return new Directive(this.name, this.args, block, this, this.trail);
  }

  withArgs(args: readonly Argument[], block: readonly Directive[] | null): Directive {
    return new Directive(this.name, args, block, this, this.trail);
  }

  get file(): SourceFile {
    return this.passage.file;
  }

  get start(): number {
    return this.passage.start + this.from;
  }

  get origin(): Origin {
    const { start } = this.passage;
    return { file: this.file, range: { start: start + this.from, end: start + this.nameTo }, via: viaOf(this.trail) };
  }

  get line(): number {
    return lineIndexAt(this.file, this.start) + 1;
  }

  get range(): Range {
    const { start } = this.passage;
    return { start: start + this.from, end: start + this.to };
  }
}

function hasTrail({ trail }: Argument): boolean {
  return trail !== null;
}
