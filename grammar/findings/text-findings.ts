import type { Dialect } from '../dialect.ts';
import { type Finding, FindingList } from '../finding.ts';
import type { Lexed } from '../lexer.ts';
import { ENDS, role } from '../structure.ts';
import { LineBreak, type Token } from '../tokens.ts';
import { findBrace, findDepth, findUnclosed } from './braces.ts';
import { findCharacters } from './characters.ts';
import { findHabit } from './habits.ts';
import { findInWord } from './words.ts';

/**
 * What maddy reads without a word and its writer did not mean, in characters, words and braces
 * (language section 17, lexical and structural part). `roles` belong to the tokens.
 */
export function findInText(lexed: Lexed, roles: Uint8Array, dialect: Dialect): readonly Finding[] {
  const report = new FindingList();
  findCharacters(lexed, report);
  new TokenWalk(lexed, roles, dialect, report).run();
  return report.findings.sort((a, b) => a.range.start - b.range.start);
}

class TokenWalk {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  readonly #roles: Uint8Array;
  readonly #dialect: Dialect;
  readonly #report: FindingList;
  #name: Token | null = null;
  /** Of the directive that is being read, as many as are counted: emptying the list would give its room back each time. */
  readonly #args: Token[] = [];
  #argCount = 0;
  readonly #open: Token[] = [];
  #references: ReadonlySet<string> | null = null;

  constructor({ text, tokens }: Lexed, roles: Uint8Array, dialect: Dialect, report: FindingList) {
    this.#text = text;
    this.#tokens = tokens;
    this.#roles = roles;
    this.#dialect = dialect;
    this.#report = report;
  }

  run(): void {
    const tokens = this.#tokens;
    for (let index = 0; index < tokens.length; index += 1) {
      const token = tokens[index];
      if (token === undefined || token.tokenTypeIdx === LineBreak.tokenTypeIdx) continue;
      const following = tokens[index + 1];
      const next = following?.tokenTypeIdx === LineBreak.tokenTypeIdx ? null : (following ?? null);
      const marked = this.#roles[index] ?? role.none;
      this.#walk(token, marked & ~ENDS, next);
      if ((marked & ENDS) !== 0) this.#endDirective();
    }
    this.#endDirective();
    if (this.#dialect === 'madmail-2') for (const token of this.#open) findUnclosed(token, this.#report);
  }

  #walk(token: Token, meaning: number, next: Token | null): void {
    const report = this.#report;
    const isName = meaning === role.name;
    if (meaning === role.open || meaning === role.headlessOpen) {
      this.#endDirective();
      this.#open.push(token);
      findDepth(token, this.#open.length, report);
    } else if (meaning === role.close) this.#open.pop();
    else findBrace(token, meaning, next, report);
    findInWord(token, { next, isName, backslashJoins: this.#dialect === 'madmail-2' }, report);
    if (isName) {
      this.#endDirective();
      this.#name = token;
    } else if (meaning === role.argument) {
      this.#args[this.#argCount] = token;
      this.#argCount += 1;
    }
  }

  #endDirective(): void {
    if (this.#name !== null && this.#argCount > 0 && !this.#name.image.startsWith('$(')) {
      findHabit(this.#name, this.#args.slice(0, this.#argCount), this.#isReferredTo, this.#report);
    }
    this.#name = null;
    this.#argCount = 0;
  }

  readonly #isReferredTo = (macro: string): boolean => {
    this.#references ??= new Set(this.#text.match(/\$\([^\s()]+\)/g));
    return this.#references.has(macro);
  };
}
