import type { Code } from '../code.ts';
import type { FindingList } from '../finding.ts';
import { braceGlued, unclosedQuote } from '../lexical-codes.ts';
import type { Range } from '../range.ts';
import { isClosed } from '../scanners.ts';
import { endOf, isQuoted, OpenBrace, startOf, type Token, tokenValue } from '../tokens.ts';

export const hashInWord: Code = {
  code: 'M1112',
  name: 'hash-in-word',
  severity: 'warning',
  summary: 'a "#" inside a word',
  page: () => ({
    docs: 'A comment starts at a `#` with a blank before it. Inside a word, `#` cuts the word off there and hides only the rest of that word: what stands after the next blank is read as arguments again. `tcp://h:25#x tcp://k:25` has two addresses and no comment. Put a blank before the `#`, or quotes around the word.',
    invalid: 'targets tcp://192.0.2.1:25#first tcp://192.0.2.2:25\n',
    valid: 'targets tcp://192.0.2.1:25 tcp://192.0.2.2:25 # first\n',
  }),
};

export const quoteInWord: Code = {
  code: 'M1113',
  name: 'quote-in-word',
  severity: 'warning',
  summary: 'a quote inside a word',
  page: () => ({
    docs: 'Quotes count only at the start of a word. `key="a b"` is two arguments, `key="a` and `b"`, with the quote marks in them. Put the quotes around the whole argument: `"key=a b"`.',
    invalid: 'filter base="dc=example dc=org"\n',
    valid: 'filter "base=dc=example dc=org"\n',
  }),
};

export const gluedToQuote: Code = {
  code: 'M1114',
  name: 'glued-to-quote',
  severity: 'warning',
  summary: 'text directly behind a closing quote',
  page: () => ({
    docs: 'A closing quote ends the argument at once: `"a"b` and `"a""b"` are two arguments each. Put a blank between them if that is meant; otherwise a quote stands in the wrong place.',
    invalid: 'targets "tcp://192.0.2.1":25\n',
    valid: 'targets "tcp://192.0.2.1:25"\n',
  }),
};

export const escapedLastQuote: Code = {
  code: 'M1115',
  name: 'escaped-last-quote',
  severity: 'warning',
  summary: 'a quoted text whose last quote is escaped',
  page: () => ({
    docs: 'Inside quotes `\\"` is a quote mark and does not end the text, so `"C:\\mail\\"` goes on to the next quote in the file. No quoted text can end in a single backslash: leave the backslash off, or write the argument without quotes.',
    invalid: 'state_dir "C:\\mail\\"\nhostname "mx.example.org"\n',
    valid: 'state_dir "C:\\mail"\nhostname "mx.example.org"\n',
  }),
};

export const singleQuotes: Code = {
  code: 'M1106',
  name: 'single-quotes',
  severity: 'warning',
  summary: 'single quotes, which do not quote',
  page: () => ({
    docs: "Only `\"` quotes. `'a b'` is two arguments, `'a` and `b'`, with the marks in them. Write `\"a b\"`.",
    invalid: "reject 550 5.1.1 'User unknown'\n",
    valid: 'reject 550 5.1.1 "User unknown"\n',
  }),
};

export const attachedBackslash: Code = {
  code: 'M1116',
  name: 'attached-backslash',
  severity: 'warning',
  summary: 'a backslash at the end of a line that is part of the last word',
  page: () => ({
    docs: 'A line goes on below only when `\\` stands alone as its last word. Attached to a word it is part of that word, and the next line is a directive of its own.',
    invalid: 'targets tcp://192.0.2.1:25\\\n',
    valid: 'targets tcp://192.0.2.1:25 \\\n    tcp://192.0.2.2:25\n',
  }),
};

export const quotesWithoutEffect: Code = {
  code: 'M1117',
  name: 'quotes-without-effect',
  severity: 'warning',
  summary: 'quotes around something that keeps its meaning',
  page: () => ({
    docs: 'Quotes leave no mark: `"{"` opens a block and `"}"` closes one, `"import"` imports, `"$(x)"` and `"(x)"` at the start of a line declare a macro and a snippet, exactly as without quotes. An argument that is a lone brace cannot be written.',
    invalid: 'check "{"\n    spf\n"}"\n',
    valid: 'check {\n    spf\n}\n',
  }),
};

export interface WordContext {
  /** Next token of the same line. */
  readonly next: Token | null;
  /** First on its line. */
  readonly isName: boolean;
  /** Attached backslashes join lines (madmail-2). */
  readonly backslashJoins: boolean;
}

const rangeOf = (token: Token): Range => ({ start: startOf(token), end: endOf(token) });

/** Most words hold none of these and need no second look. */
const suspicious = /["'#\\{}]/;

export function findInWord(token: Token, context: WordContext, report: FindingList): void {
  if (!suspicious.test(token.image)) return;
  if (isQuoted(token)) findInQuoted(token, context, report);
  else findInPlainWord(token, context, report);
}

const isKeyword = (name: string): boolean =>
  name === 'import' || name.startsWith('$(') || (name.startsWith('(') && name.endsWith(')'));

function findInQuoted(token: Token, { next, isName }: WordContext, report: FindingList): void {
  const { image } = token;
  const start = startOf(token);
  const range = rangeOf(token);
  const value = tokenValue(token);
  if (!isClosed(image)) {
    const firstLine = image.indexOf('\n');
    report.add(
      unclosedQuote,
      'this quote is never closed',
      firstLine === -1 ? range : { start, end: start + firstLine },
      {
        label: 'no closing " up to the end of the file',
        details: ['The rest of the file is one argument; the directives in it are not read.'],
      },
    );
  } else if (value === '{' || value === '}') {
    const fixes = [{ title: `write ${value} without quotes`, safe: true, edits: [{ range, text: value }] }];
    report.add(quotesWithoutEffect, `quotes do not make "${value}" an argument`, range, {
      label: 'read as a brace',
      fixes,
    });
  } else if (isName && isKeyword(value)) {
    report.add(quotesWithoutEffect, `quotes do not change what ${value} means here`, range, {
      label: 'read as without quotes',
    });
  } else if (next !== null && startOf(next) === endOf(token)) findGlued(token, next, report);
  const escaped = /\\"[ \t\r]*\n/.exec(image);
  if (escaped !== null) {
    const at = start + escaped.index;
    report.add(
      escapedLastQuote,
      '\\" does not end the quoted text',
      { start: at, end: at + 2 },
      {
        label: 'the text goes on to the next quote',
        related: [{ range: { start, end: start + 1 }, message: 'the text starts here' }],
      },
    );
  }
}

function findGlued(token: Token, next: Token, report: FindingList): void {
  if (token.image.includes('\n')) {
    const start = startOf(token);
    report.add(
      unclosedQuote,
      'this quote is not closed on its line',
      { start, end: start + token.image.indexOf('\n') },
      {
        label: 'no closing " here',
        details: [
          'The quoted text runs on to the quote marked below, and the lines between are not read as directives.',
        ],
        related: [
          {
            range: { start: endOf(token) - 1, end: endOf(token) },
            message: 'ends here, at what looks like an opening quote',
          },
        ],
      },
    );
  } else if (next.tokenTypeIdx !== OpenBrace.tokenTypeIdx) {
    report.add(gluedToQuote, 'text directly behind a closing quote is an argument of its own', rangeOf(next), {
      label: 'a separate argument',
      fixes: [
        {
          title: 'put a blank between them',
          safe: false,
          edits: [{ range: { start: startOf(next), end: startOf(next) }, text: ' ' }],
        },
      ],
    });
  }
}

function findInPlainWord(token: Token, context: WordContext, report: FindingList): void {
  const { image } = token;
  const start = startOf(token);
  const value = tokenValue(token);
  const hash = image.indexOf('#');
  if (hash > 0) findHash(token, hash, context, report);
  const quote = value.indexOf('"');
  if (quote > 0) {
    report.add(
      quoteInWord,
      'a quote inside a word does not quote',
      { start: start + quote, end: start + quote + 1 },
      {
        label: 'part of the word',
        details: [`The argument is ${value}, up to the next blank.`],
      },
    );
  }
  const isOpening = value.startsWith("'") && !value.endsWith("'");
  if (isOpening || (value.length > 1 && value.startsWith("'") && value.endsWith("'"))) {
    report.add(
      singleQuotes,
      'single quotes do not quote',
      { start, end: start + 1 },
      {
        label: isOpening ? 'the argument ends at the next blank' : 'part of the argument',
      },
    );
  }
  if ((value.length > 1 && value.endsWith('{')) || value === '{}') findGluedBrace(token, value, report);
  const isAttached = value.length > 1 && value.endsWith('\\') && !value.endsWith('\\\\');
  if (isAttached && !context.backslashJoins && context.next === null && !context.isName) {
    const at = endOf(token) - 1;
    report.add(
      attachedBackslash,
      'this backslash does not join the next line',
      { start: at, end: at + 1 },
      {
        label: 'part of the word',
        fixes: [{ title: 'put a blank before it', safe: false, edits: [{ range: { start: at, end: at }, text: ' ' }] }],
      },
    );
  }
}

function findHash(token: Token, hash: number, { next }: WordContext, report: FindingList): void {
  const start = startOf(token) + hash;
  const returns = next !== null;
  const details = returns
    ? [`The comment ends at the next blank: "${tokenValue(next)}" is read again.`]
    : [`The value ends before it: "${tokenValue(token)}".`];
  const range = { start, end: start };
  report.add(
    hashInWord,
    '"#" inside a word hides only the rest of that word',
    { start, end: endOf(token) },
    {
      label: returns ? 'hidden up to the next blank only' : 'hidden',
      details,
      fixes: [{ title: 'make the rest of the line a comment', safe: false, edits: [{ range, text: ' ' }] }],
    },
  );
}

function findGluedBrace(token: Token, value: string, report: FindingList): void {
  const end = startOf(token) + value.length;
  const isPair = value === '{}';
  const message = isPair ? '"{}" is read as an argument: an empty block is "{ }"' : `"${value}" is read as one word`;
  const at = end - 1;
  report.add(braceGlued, message, rangeOf(token), {
    label: isPair ? 'opens no block' : 'this "{" opens no block',
    fixes: [
      { title: 'put a blank before the brace', safe: isPair, edits: [{ range: { start: at, end: at }, text: ' ' }] },
    ],
  });
}
