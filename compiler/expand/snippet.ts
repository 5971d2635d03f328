import { once } from '../../grammar/once.ts';
import type { Passage } from '../source/span.ts';
import { Span } from '../source/span.ts';
import type { Directive } from './directive.ts';

/** An import in a snippet's body, and how many blocks stand around it there. */
interface InnerImport {
  readonly name: string;
  readonly depth: number;
}

/** What a snippet's body puts in by itself. */
export interface Extent {
  /** Directives and arguments. */
  readonly nodes: number;
  readonly imports: readonly InnerImport[];
}

/** A snippet as declared, at its name: its body is raw, imports in it are resolved where it is used. */
export class Snippet extends Span {
  readonly name: string;
  readonly body: readonly Directive[];
  readonly extent: () => Extent;

  constructor(name: string, passage: Passage, from: number, to: number, body: readonly Directive[]) {
    super(passage, from, to);
    this.name = name;
    this.body = body;
    this.extent = once(() => extentOf(body));
  }
}

function extentOf(body: readonly Directive[]): Extent {
  const imports: InnerImport[] = [];
  const countIn = (directives: readonly Directive[], depth: number): number => {
    let nodes = 0;
    for (const { name, args, block } of directives) {
      nodes += 1 + args.length;
      const [argument] = args;
      if (name === 'import' && argument !== undefined && args.length === 1) {
        imports.push({ name: argument.value, depth });
      }
      if (block !== null) nodes += countIn(block, depth + 1);
    }
    return nodes;
  };
  return { nodes: countIn(body, 0), imports };
}
