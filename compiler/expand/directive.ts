import type { Range } from '../../grammar/range.ts';
import type { Origin } from '../source/origin.ts';
import { lineIndexAt, type SourceFile } from '../source/source-file.ts';
import type { ExpandedArg, ExpandedDirective } from './expanded.ts';
import { type Trail, viaOf } from './trail.ts';

/** Offsets stand bare in the objects and places are made on demand: a large file has a hundred thousand arguments. */
export class Argument implements ExpandedArg {
  readonly value: string;
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
  readonly trail: Trail | null;

  constructor(value: string, file: SourceFile, start: number, end: number, trail: Trail | null) {
    this.value = value;
    this.file = file;
    this.start = start;
    this.end = end;
    this.trail = trail;
  }

  get origin(): Origin {
    return { file: this.file, range: { start: this.start, end: this.end }, via: viaOf(this.trail) };
  }

  withTrail(trail: Trail): Argument {
    return new Argument(this.value, this.file, this.start, this.end, trail);
  }
}

/** What a directive and its copies have in common. */
export interface WrittenDirective {
  readonly file: SourceFile;
  readonly start: number;
  readonly nameEnd: number;
  readonly end: number;
  readonly vanished: readonly Argument[];
}

const nothing: readonly Directive[] = [];

export class Directive implements ExpandedDirective {
  readonly name: string;
  /** Exchanged only while the file is read, by macros. */
  args: readonly Argument[];
  readonly block: readonly Directive[] | null;
  readonly file: SourceFile;
  readonly start: number;
  readonly nameEnd: number;
  readonly end: number;
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
    this.file = written.file;
    this.start = written.start;
    this.nameEnd = written.nameEnd;
    this.end = written.end;
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

  get origin(): Origin {
    return { file: this.file, range: { start: this.start, end: this.nameEnd }, via: viaOf(this.trail) };
  }

  get line(): number {
    return lineIndexAt(this.file, this.start) + 1;
  }

  get range(): Range {
    return { start: this.start, end: this.end };
  }
}

function hasTrail({ trail }: Argument): boolean {
  return trail !== null;
}
