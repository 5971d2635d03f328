import type { Code } from './code.ts';
import type { Range } from './range.ts';
import type { DeclarationFault, NameProblem, StructureRules } from './structure-rules.ts';
import { CloseBrace, LineBreak, OpenBrace, Stray, type Token, tokenValue } from './tokens.ts';

/** Blocks may be nested this deep (language section 4). */
export const NESTING_LIMIT = 256;

/** What a token turned out to be; indexed like the tokens. */
export const role = {
  none: 0,
  name: 1,
  argument: 2,
  /** A brace that is an argument like any other. */
  literalBrace: 3,
  open: 4,
  close: 5,
  /** `\` that joins the next line. */
  join: 6,
  /** `}` that ends the enclosing block, but stands before more of its own directive: `x { a } { b }`. */
  earlyClose: 7,
  /** `}` among the arguments that is none and ends nothing. */
  swallowed: 8,
  /** Only in lenient reading: a `}` by itself without a counterpart, and a `{` without a directive before it. */
  stray: 9,
  headlessOpen: 10,
} as const;

/** Set in addition to a role: a directive ends after this token. */
export const ENDS = 0x80;

/** What ends after a token, in order, where it is more than one directive. */
export type Ending = 'directive' | 'block';

export type Violation =
  | {
      readonly kind: 'header-brace' | 'close-brace' | 'text-after-block' | 'unclosed' | 'nesting';
      readonly token: Token;
    }
  | {
      readonly kind: 'macro-level' | 'snippet-level' | 'snippet-arguments';
      /** maddy's place: the last token of the declaration. `header` is where it starts. */
      readonly token: Token;
      readonly header: Token;
    }
  | {
      readonly kind: 'declaration';
      readonly fault: DeclarationFault;
      readonly token: Token;
      readonly header: Token;
    }
  | { readonly kind: 'name'; readonly problem: NameProblem; readonly token: Token }
  /** What `StructureActions` refused, in their own words. */
  | { readonly kind: 'refused'; readonly reason: Refused; readonly token: Token };

/** A refusal that is not about structure, for the reader and in maddy's words (`text`); `nowhere` when maddy names no line. */
export interface Refused {
  readonly refused: {
    readonly code: Code;
    readonly message: string;
    readonly text: string;
    readonly form: 'line' | 'nowhere';
    /** What is refused; without: the end of the directive. */
    readonly range?: Range;
  };
}

export interface Header {
  /** As written. */
  readonly token: Token;
  /** Directive, macro or snippet name. */
  readonly name: string;
  readonly args: readonly Token[];
  /** Last token of the directive, its `}` when it has a block. */
  readonly last: Token;
}

/** What is made of directives, in the order in which they are complete: inner ones first. */
export interface StructureActions<Node> {
  /** A directive or declaration of the top level begins with this token. */
  begins?(token: Token): void;
  directive(header: Header, block: readonly Node[] | null): Node | Refused;
  /** `header.args` includes the `=`. The block means nothing. */
  macro(header: Header, block: readonly Node[] | null): Refused | null;
  snippet(header: Header, body: readonly Node[]): void;
}

export interface Structure<Node> {
  readonly nodes: readonly Node[];
  /** The first one is what the reference would report; empty when it reads everything. */
  readonly violations: readonly Violation[];
  readonly roles: Uint8Array;
  readonly endings: ReadonlyMap<number, readonly Ending[]>;
  /** Arguments whose value lost its trailing backslashes (madmail-2), by index. */
  readonly substitutes: ReadonlyMap<number, Token>;
}

const none: readonly Token[] = [];

/** `early`: by a brace that stood before more of its own directive. */
type BlockEnd = 'closed' | 'early' | 'open' | 'stopped';

const endsLine = ({ tokenTypeIdx }: Token): boolean =>
  tokenTypeIdx === LineBreak.tokenTypeIdx || tokenTypeIdx === Stray.tokenTypeIdx;

const isRefused = (result: unknown): result is Refused =>
  typeof result === 'object' && result !== null && 'refused' in result;

/**
 * How far reading goes. `strict` stops at the first violation, as maddy does; `structural` only where braces and lines are
 * wrong, not names or declarations; `lenient` goes on with the nearest sensible meaning and never stops.
 */
export type ReadingMode = 'strict' | 'structural' | 'lenient';

export const isStructural: Readonly<Record<Violation['kind'], boolean>> = {
  'header-brace': true,
  'close-brace': true,
  'text-after-block': true,
  unclosed: true,
  nesting: true,
  'macro-level': false,
  'snippet-level': false,
  'snippet-arguments': false,
  declaration: false,
  name: false,
  refused: false,
};

/** The rules of directives, blocks and braces (language sections 2 to 5) over a token list. */
export function readStructure<Node>(
  tokens: readonly Token[],
  rules: StructureRules,
  actions: StructureActions<Node>,
  mode: ReadingMode,
): Structure<Node> {
  return new StructureReader(tokens, rules, actions, mode).read();
}

class StructureReader<Node> {
  readonly #tokens: readonly Token[];
  readonly #rules: StructureRules;
  readonly #actions: StructureActions<Node>;
  readonly #mode: ReadingMode;
  readonly #roles: Uint8Array;
  readonly #endings = new Map<number, Ending[]>();
  readonly #substitutes = new Map<number, Token>();
  /** Arguments of the directives that are being read, innermost last, and their indexes: one list instead of thousands. */
  readonly #args: Token[] = [];
  readonly #places: number[] = [];
  #at = 0;
  /** Index of the last token that is no line break. */
  #last = -1;
  #level = 0;
  readonly #violations: Violation[] = [];

  constructor(tokens: readonly Token[], rules: StructureRules, actions: StructureActions<Node>, mode: ReadingMode) {
    this.#tokens = tokens;
    this.#rules = rules;
    this.#actions = actions;
    this.#mode = mode;
    this.#roles = new Uint8Array(tokens.length);
  }

  read(): Structure<Node> {
    const nodes: Node[] = [];
    const end = this.#readBlock(nodes);
    const last = this.#tokens[this.#last];
    if (end === 'open' && this.#level > 0 && last !== undefined && this.#rules.unclosedBlockIsAnError) {
      this.#violated({ kind: 'unclosed', token: last });
    }
    return {
      nodes,
      violations: this.#violations,
      roles: this.#roles,
      endings: this.#endings,
      substitutes: this.#substitutes,
    };
  }

  /** True when reading must stop. */
  #violated(violation: Violation): boolean {
    this.#violations.push(violation);
    return this.#mode === 'strict' || (this.#mode === 'structural' && isStructural[violation.kind]);
  }

  /** Takes a token that is no line break. */
  #take(as: number): void {
    this.#roles[this.#at] = as;
    this.#last = this.#at;
    this.#at += 1;
  }

  #skipLineBreaks(): boolean {
    const before = this.#at;
    for (;;) {
      const type = this.#tokens[this.#at]?.tokenTypeIdx;
      if (type === Stray.tokenTypeIdx) this.#roles[this.#at] = role.stray;
      else if (type !== LineBreak.tokenTypeIdx) return this.#at !== before;
      this.#at += 1;
    }
  }

  #endAfter(index: number, ending: Ending): void {
    const roles = this.#roles;
    const endings = this.#endings.get(index);
    if (endings !== undefined) endings.push(ending);
    else if (ending === 'directive' && ((roles[index] ?? 0) & ENDS) === 0) roles[index] = (roles[index] ?? 0) | ENDS;
    else this.#endings.set(index, [ending]);
  }

  #readBlock(nodes: Node[]): BlockEnd {
    let isFirst = true;
    for (;;) {
      const isNewLine = this.#skipLineBreaks();
      const token = this.#tokens[this.#at];
      if (token === undefined) return 'open';
      if (!isFirst && !isNewLine && this.#violated({ kind: 'text-after-block', token })) return 'stopped';
      isFirst = false;
      if (token.tokenTypeIdx === CloseBrace.tokenTypeIdx) {
        if (this.#level > 0) {
          this.#level -= 1;
          this.#take(role.close);
          return 'closed';
        }
        if (this.#violated({ kind: 'close-brace', token })) return 'stopped';
        this.#take(role.stray);
        continue;
      }
      const end = this.#readDirective(token, nodes);
      if (end !== 'open') return end;
    }
  }

  /** `closed` or `early` when the directive also ended the block it stands in. */
  #readDirective(token: Token, nodes: Node[]): BlockEnd {
    if (this.#level === 0) this.#actions.begins?.(token);
    const isBrace = token.tokenTypeIdx === OpenBrace.tokenTypeIdx;
    if (isBrace && this.#violated({ kind: 'header-brace', token })) return 'stopped';
    if (!isBrace || this.#level === NESTING_LIMIT) this.#take(role.name);

    const base = this.#args.length;
    let block: Node[] | null = null;
    for (let joined = false; ; joined = true) {
      const inner = this.#readArguments(token, joined);
      if (inner === 'stopped') return 'stopped';
      if (inner !== null) block = inner;
      if (!this.#dropContinuation(base)) break;
    }
    const end = this.#finish(token, base, block, nodes);
    this.#args.length = base;
    this.#places.length = base;
    return end;
  }

  /** Reads to the end of the line or of a block; the block, if there is one. */
  #readArguments(header: Token, joined: boolean): Node[] | 'stopped' | null {
    if (joined) while (this.#tokens[this.#at]?.tokenTypeIdx === LineBreak.tokenTypeIdx) this.#at += 1;
    for (;;) {
      const token = this.#tokens[this.#at];
      if (token === undefined || endsLine(token)) return null;
      if (token.tokenTypeIdx !== OpenBrace.tokenTypeIdx) {
        this.#takeArgument(token, token.tokenTypeIdx === CloseBrace.tokenTypeIdx ? role.literalBrace : role.argument);
      } else if (this.#level < NESTING_LIMIT) {
        return this.#readInner(token === header ? role.headlessOpen : role.open);
      } else {
        if (this.#violated({ kind: 'nesting', token })) return 'stopped';
        this.#takeArgument(token, role.literalBrace);
      }
    }
  }

  #takeArgument(token: Token, as: number): void {
    this.#args.push(token);
    this.#places.push(this.#at);
    this.#take(as);
  }

  #readInner(opening: number): Node[] | 'stopped' {
    this.#level += 1;
    this.#take(opening);
    const nodes: Node[] = [];
    const end = this.#readBlock(nodes);
    if (end === 'stopped') return 'stopped';
    if (end !== 'closed') this.#endAfter(this.#last, 'block');
    // A list that has grown keeps room for more; this one is done, and lives as long as the tree.
    return nodes.slice();
  }

  /** Takes a `\` off the end of the arguments; true when the directive goes on behind it. */
  #dropContinuation(base: number): boolean {
    const index = this.#args.length - 1;
    const last = this.#args[index];
    if (last === undefined || index < base) return false;
    const rest = this.#rules.continuation(tokenValue(last));
    if (rest === null) return false;
    const place = this.#places[index] ?? 0;
    if (rest === '') {
      this.#dropArgument();
      this.#roles[place] = role.join;
    } else {
      const trimmed = { ...last, payload: rest };
      this.#args[index] = trimmed;
      this.#substitutes.set(place, trimmed);
    }
    return true;
  }

  #dropArgument(): void {
    this.#args.pop();
    this.#places.pop();
  }

  #finish(token: Token, base: number, block: Node[] | null, nodes: Node[]): BlockEnd {
    const last = this.#tokens[this.#last] ?? token;
    const first = this.#args[base];
    const written = tokenValue(token);
    const declared = this.#rules.declared(
      written,
      this.#args.length - base,
      first === undefined ? null : tokenValue(first),
    );
    if (declared.kind === 'malformed') {
      const fault = { kind: 'declaration', fault: declared.fault, token: last, header: token } as const;
      if (this.#violated(fault)) return 'stopped';
    }
    if (declared.kind === 'directive') {
      const problem = this.#rules.nameProblem(declared.name);
      if (problem !== null && this.#violated({ kind: 'name', problem, token })) return 'stopped';
    }

    const levelBefore = this.#level;
    const brace = this.#takeClosingBrace(base);
    if (brace === 'stopped') return 'stopped';
    const isDeclaration = declared.kind === 'macro' || declared.kind === 'snippet';
    const swallowed =
      isDeclaration && brace !== null && this.#rules.declarationsSwallowBrace && this.#mode !== 'lenient';
    this.#markEnd(brace, swallowed);

    const args = base === this.#args.length ? none : this.#args.slice(base);
    const header = { token, name: declared.kind === 'malformed' ? written : declared.name, args, last };
    const level = this.#rules.declarationsSwallowBrace ? this.#level : levelBefore;
    const stops = isDeclaration
      ? this.#declare(declared.kind, header, block, level)
      : this.#complete(header, block, nodes);
    if (stops) return 'stopped';
    if (brace === null || swallowed) return 'open';
    return this.#roles[brace] === role.earlyClose ? 'early' : 'closed';
  }

  #complete(header: Header, block: Node[] | null, nodes: Node[]): boolean {
    const node = this.#actions.directive(header, block);
    if (isRefused(node)) return this.#violated({ kind: 'refused', reason: node, token: header.last });
    nodes.push(node);
    return false;
  }

  #declare(kind: 'macro' | 'snippet', header: Header, block: Node[] | null, level: number): boolean {
    const place = { token: header.last, header: header.token };
    if (level !== 0 && this.#violated({ kind: kind === 'macro' ? 'macro-level' : 'snippet-level', ...place }))
      return true;
    if (kind === 'snippet') {
      if (header.args.length > 0 && this.#violated({ kind: 'snippet-arguments', ...place })) return true;
      this.#actions.snippet(header, block ?? []);
      return false;
    }
    const refused = this.#actions.macro(header, block);
    return refused !== null && this.#violated({ kind: 'refused', reason: refused, token: header.last });
  }

  /** A `}` as last argument ends the enclosing block: its index, or null when there is none. */
  #takeClosingBrace(base: number): number | 'stopped' | null {
    const index = this.#args.length - 1;
    const last = this.#args[index];
    if (last === undefined || index < base || tokenValue(last) !== '}') return null;
    const place = this.#places[index] ?? 0;
    if (this.#level === 0) {
      const token = this.#tokens[this.#last] ?? last;
      if (this.#violated({ kind: 'close-brace', token })) return 'stopped';
      this.#roles[place] = role.swallowed;
      this.#dropArgument();
      return null;
    }
    this.#level -= 1;
    this.#dropArgument();
    return place;
  }

  #markEnd(brace: number | null, swallowed: boolean): void {
    const roles = this.#roles;
    if (brace === null) this.#endAfter(this.#last, 'directive');
    else if (swallowed) {
      roles[brace] = role.swallowed;
      this.#endAfter(this.#last, 'directive');
    } else if (brace === this.#last) {
      this.#endAfter(brace - 1, 'directive');
      roles[brace] = role.close;
    } else {
      roles[brace] = role.earlyClose;
      this.#endAfter(this.#last, 'directive');
    }
  }
}
