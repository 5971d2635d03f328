import type { Code } from '../code.ts';
import type { FindingList } from '../finding.ts';
import type { Range } from '../range.ts';
import { unclosedBlock } from '../reader-codes.ts';
import { role } from '../structure.ts';
import { endOf, OpenBrace, startOf, type Token } from '../tokens.ts';

/** Braces that are read otherwise than they look, in texts that maddy accepts. */

export const literalBrace: Code = {
  code: 'M1201',
  name: 'literal-brace',
  severity: 'warning',
  summary: 'a "}" that is an argument',
  page: () => ({
    docs: 'A `}` closes a block only at the start of a line or as the last word of one. Between other words it is an argument like any other. Put it on a line of its own if it should close the block.',
    invalid: 'check {\n    require_mx_record } quarantine\n}\n',
    valid: 'check {\n    require_mx_record\n}\n',
  }),
};

export const declarationTakesBrace: Code = {
  code: 'M1202',
  name: 'declaration-takes-brace',
  severity: 'warning',
  summary: 'a macro or snippet declared inside a block on one line',
  page: () => ({
    docs: 'In `x { $(m) = v }` maddy takes the declaration for one at top level and forgets to close the block: all lines below become part of it, up to the end of the file. Declare the macro or snippet on a line of its own, outside of blocks.',
    invalid: 'check { $(action) = reject }\nhostname mx.example.org\n',
    valid: '$(action) = reject\nhostname mx.example.org\n',
  }),
};

export const braceBeforeRest: Code = {
  code: 'M1203',
  name: 'brace-before-rest',
  severity: 'warning',
  summary: 'a "}" that closes the outer block before its directive is complete',
  page: () => ({
    docs: 'In `x { a } { b }` the `}` is the last argument of `a`, and the block after it belongs to `a` too; only then the outer block ends. Put each `}` on a line of its own.',
    invalid: 'check { spf } { debug yes }\n',
    valid: 'check {\n    spf {\n        debug yes\n    }\n}\n',
  }),
};

export const backslashBeforeBrace: Code = {
  code: 'M1204',
  name: 'backslash-before-brace',
  severity: 'warning',
  summary: 'a "\\" in front of a "{"',
  page: () => ({
    docs: 'A `\\` before `{` joins what stands after the block: the words behind the `}`, or the whole next line, become arguments of this directive. Remove the `\\`.',
    invalid: 'check \\ {\n    spf\n}\nhostname mx.example.org\n',
    valid: 'check {\n    spf\n}\nhostname mx.example.org\n',
  }),
};

export const deepNesting: Code = {
  code: 'M1205',
  name: 'deep-nesting',
  severity: 'info',
  summary: 'blocks nested deeper than configurations need',
  page: () => ({
    docs: 'No part of the language needs more than a handful of blocks inside each other. Deeper ones mostly mean that a `}` is missing above.',
    invalid: `${'a {\n'.repeat(17)}${'}\n'.repeat(17)}`,
    valid: `${'a {\n'.repeat(8)}${'}\n'.repeat(8)}`,
  }),
};

export const DEEP = 16;

const rangeOf = (token: Token): Range => ({ start: startOf(token), end: endOf(token) });

export function findBrace(token: Token, meaning: number, next: Token | null, report: FindingList): void {
  switch (meaning) {
    case role.literalBrace:
      report.add(literalBrace, 'this "}" is an argument and closes nothing', rangeOf(token), {
        label: 'more words follow on the line',
      });
      return;
    case role.swallowed:
      report.add(declarationTakesBrace, 'this "}" does not close the block', rangeOf(token), {
        label: 'taken by the declaration before it',
        details: ['Every line below becomes part of the block that is still open.'],
      });
      return;
    case role.earlyClose:
      report.add(braceBeforeRest, 'this "}" closes the outer block only after the rest of its line', rangeOf(token), {
        label: 'the block after it belongs to the same directive',
      });
      return;
    case role.join:
      if (next !== null && isOpen(next)) {
        report.add(backslashBeforeBrace, 'a "\\" before "{" joins what follows the block', rangeOf(token), {
          label: 'joins the words behind the "}"',
          fixes: [
            {
              title: 'remove the backslash',
              safe: false,
              edits: [{ range: { start: startOf(token), end: startOf(next) }, text: '' }],
            },
          ],
        });
      }
  }
}

const isOpen = (token: Token): boolean => token.tokenTypeIdx === OpenBrace.tokenTypeIdx;

export function findDepth(token: Token, depth: number, report: FindingList): void {
  if (depth === DEEP + 1) {
    report.add(deepNesting, `this block is ${depth} levels deep`, rangeOf(token), { label: 'is a "}" missing above?' });
  }
}

/** Madmail 2 closes what is open at the end of the file; its writer hardly meant that. */
export function findUnclosed(token: Token, report: FindingList): void {
  report.add(unclosedBlock, 'this block is never closed', rangeOf(token), {
    label: 'ends only with the file',
    details: ['Madmail 2 accepts it: everything below becomes part of the block.'],
  });
}
