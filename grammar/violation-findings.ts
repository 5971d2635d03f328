import type { Code } from './code.ts';
import { type Finding, type FindingParts, found, MOST_OF_A_KIND } from './finding.ts';
import type { Range } from './range.ts';
import * as codes from './reader-codes.ts';
import { refusalOf } from './refusal.ts';
import type { Refused, Violation } from './structure.ts';
import type { DeclarationFault, NameProblem } from './structure-rules.ts';
import { endOf, isQuoted, startOf, type Token, tokenValue } from './tokens.ts';

const rangeOf = (token: Token): Range => ({ start: startOf(token), end: endOf(token) });
const refuses = 'The whole file is refused, so no mail moves at all.';

const faults: Readonly<Record<DeclarationFault, (name: string) => string>> = {
  'unfinished-name': (name) => `"${name}" starts like a macro declaration but does not end with ")"`,
  'too-few-arguments': (name) => `the macro declaration ${name} needs "=" and a value`,
  'no-equals-sign': (name) => `the macro declaration ${name} needs "=" with blanks around it`,
  'nested-parentheses': (name) => `Madmail 2 refuses the name "${name}"`,
};

/** The violations at their own places, in words for the reader of the file; of each kind the first ones. */
export function violationFindings(violations: readonly Violation[]): Finding[] {
  const seen = new Map<Violation['kind'], number>();
  return violations
    .filter(({ kind }) => {
      const count = seen.get(kind) ?? 0;
      seen.set(kind, count + 1);
      return count < MOST_OF_A_KIND;
    })
    .map(violationFinding);
}

function violationFinding(violation: Violation): Finding {
  const { token } = violation;
  switch (violation.kind) {
    case 'name':
      return nameFinding(token, violation.problem);
    case 'declaration':
      return plain(refusalOf(violation).code, faults[violation.fault](tokenValue(violation.header)), violation.header, {
        fixes: attachedEquals(violation.header, violation.fault),
      });
    case 'refused':
      return refusedFinding(violation.reason, token);
    case 'header-brace':
      return plain(codes.braceOnNextLine, 'this "{" has no directive before it on its line', token);
    case 'close-brace':
      return plain(codes.unexpectedCloseBrace, 'this "}" closes nothing', token);
    case 'text-after-block':
      return plain(codes.textAfterBlock, 'text after "}" needs a line of its own', token);
    case 'unclosed':
      return plain(codes.unclosedBlock, 'a block is not closed at the end of the file', token);
    case 'nesting':
      return plain(codes.nestingLimit, 'blocks are nested more than 256 deep from here on', token);
    case 'macro-level':
      return plain(
        codes.macroInsideBlock,
        `${tokenValue(violation.header)} is declared inside a block`,
        violation.header,
      );
    case 'snippet-level':
      return plain(
        codes.snippetInsideBlock,
        `${tokenValue(violation.header)} is declared inside a block`,
        violation.header,
      );
    case 'snippet-arguments':
      return plain(
        codes.snippetWithArguments,
        `the snippet ${tokenValue(violation.header)} cannot have arguments`,
        violation.header,
      );
  }
}

function plain(code: Code, message: string, token: Token, parts: FindingParts = {}): Finding {
  return found(code, message, rangeOf(token), { details: [refuses], ...parts });
}

function refusedFinding({ refused: { code, message, range } }: Refused, token: Token): Finding {
  return found(code, message, range ?? rangeOf(token), { details: [refuses] });
}

function nameFinding(token: Token, problem: NameProblem): Finding {
  const name = tokenValue(token);
  if (problem.kind === 'empty') return plain(codes.emptyName, 'a directive with an empty name', token);
  if (problem.kind === 'digit') {
    return plain(codes.nameStartsWithDigit, `the directive name "${name}" starts with a digit`, token, {
      label: 'read as the name of a directive, since it comes first on its line',
    });
  }
  const start = startOf(token) + problem.at;
  const isLiteral = name === token.image;
  const range = isLiteral ? { start, end: start + problem.character.length } : rangeOf(token);
  const shown = /[\p{C}\p{Z}\p{M}]/u.test(problem.character)
    ? codePointName(problem.character)
    : `"${problem.character}"`;
  return found(codes.nameCharacter, `${shown} cannot be part of a directive name`, range, {
    label: 'names are made of letters, digits, ".", "-" and "_"',
    details: [`"${name}" comes first on its line, so it is read as the name of a directive.`, refuses],
    // A habit from other languages; the name before it is the one meant.
    fixes:
      isLiteral && name.indexOf(';') === name.length - 1
        ? [{ title: 'remove ";"', safe: true, edits: [{ range, text: '' }] }]
        : [],
  });
}

const codePointName = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

/** `$(name)=value` and `$(name) =value`: the blanks are all that is missing. */
function attachedEquals(header: Token, fault: DeclarationFault): Finding['fixes'] {
  const equals = header.image.indexOf(')=');
  if (fault !== 'unfinished-name' || equals === -1 || isQuoted(header)) return [];
  const start = startOf(header) + equals + 1;
  return [{ title: 'put blanks around "="', safe: true, edits: [{ range: { start, end: start + 1 }, text: ' = ' }] }];
}
