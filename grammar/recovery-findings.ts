import type { Balance } from './balance.ts';
import { type Finding, found, MOST_OF_A_KIND } from './finding.ts';
import type { Lexed } from './lexer.ts';
import { braceGlued, missingOpenBrace, unclosedQuote } from './lexical-codes.ts';
import { gluedBraces, type Line } from './lines.ts';
import type { Range } from './range.ts';
import { braceOnNextLine, nestingLimit, textAfterBlock, unclosedBlock, unexpectedCloseBrace } from './reader-codes.ts';
import { endOf, LineBreak, startOf, type Token, tokenValue } from './tokens.ts';

/** What recovery met besides braces without partners. */
export interface Misplaced {
  /** Quotes that end with their line. */
  readonly quotes: Token[];
  /** A `{` on a line of its own, and the last token of its directive. */
  readonly openings: { readonly brace: Token; readonly after: Token }[];
  /** What follows a `}` on its line. */
  readonly followers: { readonly brace: Token; readonly next: Token }[];
}

const rangeOf = (token: Token): Range => ({ start: startOf(token), end: endOf(token) });
const before = (offset: number): Range => ({ start: offset, end: offset });

/** The causes, each at its place, with what to write instead. */
export function recoveryFindings(
  lexed: Lexed,
  lines: readonly Line[],
  balance: Balance,
  misplaced: Misplaced,
): Finding[] {
  const { tokens } = lexed;
  const at = <T>(list: readonly T[], explain: (entry: T) => Finding | null): Finding[] =>
    list.slice(0, MOST_OF_A_KIND).flatMap((entry) => explain(entry) ?? []);
  const byIndex = (list: readonly number[], explain: (token: Token) => Finding): Finding[] =>
    at(list, (index) => {
      const token = tokens[index];
      return token === undefined ? null : explain(token);
    });

  const findings = [
    ...at(misplaced.quotes, unclosedQuoteAt),
    ...at(misplaced.openings, ({ brace, after }) => braceBelow(brace, after)),
    ...at(misplaced.followers, ({ brace, next }) => textAfter(brace, next)),
    ...byIndex([...new Set(balance.glued)], gluedBraceAt),
    ...byIndex(balance.strays, strayBrace),
    ...byIndex(balance.tooDeep.slice(0, 1), tooDeepAt),
    ...at(balance.unopened, ({ line, close }) => unopenedAt(lexed, lines[line], tokens[close])),
    ...at(balance.unclosed, ({ open, endsBefore }) => unclosedAt(lexed, lines, open, endsBefore)),
  ];
  return findings.sort((a, b) => a.range.start - b.range.start);
}

function unclosedQuoteAt(token: Token): Finding {
  const end = endOf(token);
  return found(unclosedQuote, 'this quote is not closed on its line', rangeOf(token), {
    label: 'no closing " here',
    details: ['Everything up to the next quote becomes part of this one argument, and the lines between are not read.'],
    fixes: [
      { title: 'close the quote at the end of the line', safe: false, edits: [{ range: before(end), text: '"' }] },
    ],
  });
}

function braceBelow(brace: Token, after: Token): Finding {
  const edits = [
    { range: before(endOf(after)), text: ' {' },
    { range: rangeOf(brace), text: '' },
  ];
  return found(braceOnNextLine, '"{" must stand on the line of its directive', rangeOf(brace), {
    label: 'belongs to the end of the directive above',
    details: ['maddy refuses the whole file here.'],
    related: [{ range: rangeOf(after), message: 'the directive ends here' }],
    fixes: [{ title: 'move the brace to the end of the directive', safe: true, edits }],
  });
}

function textAfter(brace: Token, next: Token): Finding {
  const isBrace = tokenValue(next) === '}';
  const message = isBrace ? 'this "}" needs a line of its own' : 'text after "}" needs a line of its own';
  return found(textAfterBlock, message, rangeOf(next), {
    label: 'must start on a new line',
    details: ['maddy refuses the whole file here.'],
    related: [{ range: rangeOf(brace), message: 'the block before it ends here' }],
    fixes: [
      {
        title: 'start a new line',
        safe: true,
        edits: [{ range: { start: endOf(brace), end: startOf(next) }, text: '\n' }],
      },
    ],
  });
}

function gluedBraceAt(token: Token): Finding {
  const { image } = token;
  const glued = gluedBraces(token, true);
  const { prefix, suffix } = glued ?? { prefix: '', suffix: '' };
  const braces = image.slice(prefix.length, image.length - suffix.length);
  const written = [prefix, ...braces].filter((part) => part !== '');
  const isOpen = braces === '{';
  const text = written.join(isOpen ? ' ' : '\n');
  return found(braceGlued, `"${image}" is read as one word`, rangeOf(token), {
    label: isOpen ? 'this "{" opens no block' : 'closes no block',
    details: [isOpen ? 'A blank must stand before "{".' : 'A block ends with "}" alone.'],
    fixes: [
      {
        title: `write ${written.join(isOpen ? ' ' : ', then ')}`,
        safe: true,
        edits: [{ range: rangeOf(token), text }],
      },
    ],
  });
}

function strayBrace(token: Token): Finding {
  return found(unexpectedCloseBrace, 'this "}" closes nothing', rangeOf(token), {
    label: 'no open block in this column',
    details: ['maddy refuses the whole file.', 'Remove it, or put back the "{" that is missing above.'],
    fixes: [{ title: 'remove the brace', safe: false, edits: [{ range: rangeOf(token), text: '' }] }],
  });
}

function tooDeepAt(token: Token): Finding {
  return found(nestingLimit, 'blocks are nested more than 256 deep from here on', rangeOf(token), {
    details: ['maddy refuses the whole file here.'],
  });
}

function unopenedAt({ tokens }: Lexed, line: Line | undefined, close: Token | undefined): Finding | null {
  const first = line === undefined ? undefined : tokens[line.from];
  const last = line === undefined ? undefined : tokens[line.to - 1];
  if (first === undefined || last === undefined || close === undefined) return null;
  const end = endOf(last);
  return found(
    missingOpenBrace,
    `"${tokenValue(first)}" lacks its "{"`,
    { start: startOf(first), end },
    {
      label: 'deeper lines and a "}" follow, but no block is opened',
      details: ['maddy refuses the whole file at that "}".'],
      related: [{ range: rangeOf(close), message: 'this "}" would close it' }],
      fixes: [{ title: 'write "{" at the end of the line', safe: false, edits: [{ range: before(end), text: ' {' }] }],
    },
  );
}

function unclosedAt(lexed: Lexed, lines: readonly Line[], open: number, endsBefore: number): Finding | null {
  const { text, tokens } = lexed;
  const brace = tokens[open];
  const line = lines.findLast(({ from }) => from <= open);
  const first = line === undefined ? undefined : tokens[line.from];
  if (line === undefined || brace === undefined || first === undefined) return null;
  const name = tokens[(line.braces.findLast(({ at }) => at < open)?.at ?? line.from - 1) + 1] ?? first;
  const next = lines[endsBefore];
  const nextToken = next === undefined ? undefined : tokens[next.from];
  const indent = /[ \t]*$/.exec(text.slice(0, startOf(first)).slice(-200))?.[0] ?? '';
  const place = insertionPlace(lexed, next?.from ?? tokens.length);
  return found(unclosedBlock, `this block of "${tokenValue(name)}" is never closed`, rangeOf(brace), {
    label: 'no "}" for this "{"',
    details: ['maddy refuses the whole file.'],
    related:
      nextToken === undefined
        ? []
        : [{ range: rangeOf(nextToken), message: 'by its column the block ends before this' }],
    fixes: [
      {
        title: 'close the block where its lines end',
        safe: false,
        edits: [{ range: before(place), text: `\n${indent}}` }],
      },
    ],
  });
}

/** Behind the last line that belongs to the block, and the comment on it. */
function insertionPlace({ text, tokens }: Lexed, index: number): number {
  let last = index - 1;
  while (tokens[last]?.tokenTypeIdx === LineBreak.tokenTypeIdx) last -= 1;
  const token = tokens[last];
  const end = text.indexOf('\n', token === undefined ? 0 : endOf(token));
  return end === -1 ? text.length : end;
}
