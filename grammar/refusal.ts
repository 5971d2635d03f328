import type { Code } from './code.ts';
import type { Dialect } from './dialect.ts';
import * as codes from './reader-codes.ts';
import type { Violation } from './structure.ts';
import type { DeclarationFault, NameProblem } from './structure-rules.ts';
import { startOf, type Token } from './tokens.ts';

/** Why maddy does not load a text: its first and only error. */
export interface Refusal {
  readonly code: Code;
  /** maddy's sentence, without place. */
  readonly text: string;
  /** The token that maddy's message is about. */
  readonly token: Token;
  /** How maddy puts file and line in front of it; `nowhere`: not at all. */
  readonly form: 'line' | 'syntax' | 'nowhere';
}

const faults: Readonly<Record<DeclarationFault, readonly [code: Code, text: string]>> = {
  'unfinished-name': [codes.malformedMacro, 'macro name must end with )'],
  'too-few-arguments': [codes.malformedMacro, 'at least 2 arguments are required'],
  'no-equals-sign': [codes.malformedMacro, 'missing = in macro declaration'],
  'nested-parentheses': [codes.nestedParentheses, 'snippet declarations are only allowed at top-level'],
};

const plain = {
  'header-brace': [codes.braceOnNextLine, "Unexpected token '{', expecting 'block header'"],
  'close-brace': [codes.unexpectedCloseBrace, 'unexpected }'],
  'text-after-block': [codes.textAfterBlock, 'newline is required after closing brace'],
  unclosed: [codes.unclosedBlock, 'unexpected EOF when looking for }'],
  nesting: [codes.nestingLimit, 'nesting limit reached'],
  'macro-level': [codes.macroInsideBlock, 'macro declarations are only allowed at top-level'],
  'snippet-level': [codes.snippetInsideBlock, 'snippet declarations are only allowed at top-level'],
  'snippet-arguments': [codes.snippetWithArguments, "snippet declarations can't have arguments"],
} as const;

export function nameRefusal(problem: NameProblem): readonly [code: Code, text: string] {
  if (problem.kind === 'empty') return [codes.emptyName, 'empty directive name'];
  if (problem.kind === 'digit') return [codes.nameStartsWithDigit, 'directive name cannot start with a digit'];
  return [codes.nameCharacter, `character not allowed in directive name: ${problem.character}`];
}

export function refusalOf(violation: Violation): Refusal {
  const { token } = violation;
  if (violation.kind === 'refused') return { ...violation.reason.refused, token };
  if (violation.kind === 'name') {
    const [code, text] = nameRefusal(violation.problem);
    return { code, text, token, form: 'nowhere' };
  }
  const [code, text] = violation.kind === 'declaration' ? faults[violation.fault] : plain[violation.kind];
  return { code, text, token, form: violation.kind === 'header-brace' ? 'syntax' : 'line' };
}

/** The message in full, letter by letter as the reference prints it (language sections 10 and 16). */
export function refusalText(refusal: Refusal, dialect: Dialect, path: string, text: string): string {
  const line = lineOf(text, startOf(refusal.token));
  if (dialect === 'madmail-2') {
    if (refusal.form === 'syntax') return `line ${line}: block header`;
    return `line ${refusal.form === 'nowhere' ? 0 : line}: ${refusal.text}`;
  }
  if (refusal.form === 'nowhere') return refusal.text;
  return `${path}:${line} - ${refusal.form === 'syntax' ? 'Syntax error' : 'Error during parsing'}: ${refusal.text}`;
}

function lineOf(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}
