import { EmbeddedActionsParser } from 'chevrotain';
import { End, layoutTokens, Mark } from './layout.ts';
import { once } from './once.ts';
import { CloseBrace, OpenBrace, Stray, type Token, Word } from './tokens.ts';
import type { BlockNode, DirectiveNode, DirectivePart, Item } from './tree.ts';

/**
 * The grammar of laid out tokens:
 *
 *     file      = { directive | stray }
 *     directive = word { word | mark | block } end
 *     block     = "{" { directive | stray } "}"
 *
 * Layout settles beforehand whatever depends on lines, so this accepts everything that layout gives.
 */
class TreeParser extends EmbeddedActionsParser {
  constructor(skipValidations: boolean) {
    super([...layoutTokens], { maxLookahead: 1, skipValidations });
    this.performSelfAnalysis();
  }

  readonly file = this.RULE('file', (): Item[] => {
    const items: Item[] = [];
    this.MANY(() => {
      this.OR([
        { ALT: () => items.push(this.SUBRULE(this.directive)) },
        { ALT: () => items.push({ kind: 'stray', token: this.CONSUME(Stray) }) },
      ]);
    });
    return items;
  });

  readonly directive = this.RULE('directive', (): DirectiveNode => {
    const name = this.CONSUME(Word);
    const args: Token[] = [];
    let block: BlockNode | null = null;
    let parts: DirectivePart[] | null = null;
    this.MANY(() => {
      this.OR([
        {
          ALT: () => {
            const token = this.CONSUME2(Word);
            if (parts === null && block !== null) parts = partsOf(args, block);
            args.push(token);
            parts?.push({ kind: 'argument', token });
          },
        },
        {
          ALT: () => {
            const token = this.CONSUME(Mark);
            parts ??= partsOf(args, block);
            parts.push({ kind: 'mark', token });
          },
        },
        {
          ALT: () => {
            // A rule of its own for blocks would double the stack that each level takes.
            const open = this.CONSUME(OpenBrace);
            const items: Item[] = [];
            this.MANY2(() => {
              this.OR2([
                { ALT: () => items.push(this.SUBRULE(this.directive)) },
                { ALT: () => items.push({ kind: 'stray', token: this.CONSUME(Stray) }) },
              ]);
            });
            const inner: BlockNode = { kind: 'block', open, items, close: this.CONSUME(CloseBrace) };
            if (parts === null && block !== null) parts = partsOf(args, block);
            block = inner;
            parts?.push({ kind: 'block', block: inner });
          },
        },
      ]);
    });
    this.CONSUME(End);
    return { kind: 'directive', name, args, block, parts };
  });
}

function partsOf(args: readonly Token[], block: BlockNode | null): DirectivePart[] {
  const parts: DirectivePart[] = args.map((token) => ({ kind: 'argument', token }));
  if (block !== null) parts.push({ kind: 'block', block });
  return parts;
}

/** Its definition costs milliseconds; between two uses it keeps nothing that matters. */
const parser = once(() => new TreeParser(true));

/** The tree of a list of laid out tokens. */
export function buildTree(laidOut: Token[]): readonly Item[] {
  const tree = parser();
  tree.input = laidOut;
  const items = tree.file();
  const [error] = tree.errors;
  // Not a fault of the text: layout and grammar would contradict each other, which the tests rule out.
  if (error !== undefined) throw error;
  // Lets go of the tokens.
  tree.input = [];
  return items;
}

/** For the tests: Chevrotain's own checks of the grammar, which throw when it is ambiguous. */
export const createCheckedParser = (): TreeParser => new TreeParser(false);
