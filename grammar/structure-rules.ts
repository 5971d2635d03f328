import { BACKSLASH, isDigit, isLetter } from './characters.ts';
import type { Dialect } from './dialect.ts';

export type NameProblem =
  | { readonly kind: 'empty' }
  | { readonly kind: 'digit' }
  /** `at`: offset of the character within the name. */
  | { readonly kind: 'character'; readonly character: string; readonly at: number };

export type Declared =
  | { readonly kind: 'directive' | 'macro' | 'snippet'; readonly name: string }
  | { readonly kind: 'malformed'; readonly fault: DeclarationFault };

export type DeclarationFault = 'unfinished-name' | 'too-few-arguments' | 'no-equals-sign' | 'nested-parentheses';

/** In what the grammars of the dialects differ, before macros and environment are looked at. */
export interface StructureRules {
  /** What is left of a last argument that joins the next line; null when it does not join. */
  continuation(value: string): string | null;
  readonly unclosedBlockIsAnError: boolean;
  /** An inline `}` after a macro or snippet lowers the level and leaves the block open (language section 4, rule 5). */
  readonly declarationsSwallowBrace: boolean;
  declared(name: string, args: number, first: string | null): Declared;
  nameProblem(name: string): NameProblem | null;
}

const isPunctuation = (codePoint: number): boolean => codePoint === 0x2e || codePoint === 0x2d || codePoint === 0x5f;

const isNameCharacter = (codePoint: number): boolean =>
  isLetter(codePoint) || isDigit(codePoint) || isPunctuation(codePoint);

function firstRefused(name: string, from: number, allowed: (codePoint: number) => boolean): NameProblem | null {
  for (let at = from; at < name.length; ) {
    const codePoint = name.codePointAt(at) ?? 0;
    if (!allowed(codePoint)) return { kind: 'character', character: String.fromCodePoint(codePoint), at };
    at += codePoint > 0xffff ? 2 : 1;
  }
  return null;
}

const inParentheses = (name: string): boolean => name.length > 1 && name.startsWith('(') && name.endsWith(')');

const maddyRules: StructureRules = {
  continuation: (value) => (value === '\\' ? '' : null),
  unclosedBlockIsAnError: true,
  declarationsSwallowBrace: true,

  declared: (written, args, first) => {
    const isSnippet = inParentheses(written);
    const name = isSnippet ? written.slice(1, -1) : written;
    if (name.startsWith('$(')) {
      if (!name.endsWith(')')) return { kind: 'malformed', fault: 'unfinished-name' };
      if (args < 2) return { kind: 'malformed', fault: 'too-few-arguments' };
      if (first !== '=') return { kind: 'malformed', fault: 'no-equals-sign' };
      if (name.length > 3) return { kind: 'macro', name: name.slice(2, -1) };
    }
    return { kind: isSnippet ? 'snippet' : 'directive', name };
  },

  nameProblem: (name) => {
    if (name === '') return { kind: 'empty' };
    if (isDigit(name.codePointAt(0) ?? 0)) return { kind: 'digit' };
    return firstRefused(name, 0, isNameCharacter);
  },
};

const isAsciiDigit = (code: number): boolean => code < 128 && isDigit(code);

const madmail2Rules: StructureRules = {
  continuation: (value) => {
    if (!value.endsWith('\\')) return null;
    let end = value.length;
    while (value.charCodeAt(end - 1) === BACKSLASH) end -= 1;
    return value.slice(0, end);
  },
  unclosedBlockIsAnError: false,
  declarationsSwallowBrace: false,

  declared: (written, args, first) => {
    const name = inParentheses(written) ? written.slice(1, -1) : written;
    if (inParentheses(name)) return { kind: 'malformed', fault: 'nested-parentheses' };
    if (name.startsWith('$(') && name.endsWith(')') && first === '=' && args > 1) {
      return { kind: 'macro', name: name.slice(2, -1) };
    }
    return { kind: 'directive', name };
  },

  nameProblem: (name) => {
    if (name === '') return { kind: 'empty' };
    const first = name.codePointAt(0) ?? 0;
    if (isAsciiDigit(first)) return { kind: 'digit' };
    return firstRefused(name, first > 0xffff ? 2 : 1, (code) => code < 128 && isNameCharacter(code));
  },
};

export const rulesOf = (dialect: Dialect): StructureRules => (dialect === 'madmail-2' ? madmail2Rules : maddyRules);
