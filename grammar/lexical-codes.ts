import type { Code } from './code.ts';

export const braceGlued: Code = {
  code: 'M1101',
  name: 'brace-glued',
  severity: 'error',
  summary: 'a brace stuck to a word',
  page: () => ({
    docs: 'A brace counts only when it stands alone between blanks. `example.org{` is one word, and so is `{}`: no block is opened. maddy fails lines later with "unexpected }", or takes the braces as an argument without a word. Put a blank before the brace.',
    invalid: 'source example.org{\n    deliver_to dummy\n}\n',
    valid: 'source example.org {\n    deliver_to dummy\n}\n',
  }),
};

export const unclosedQuote: Code = {
  code: 'M1105',
  name: 'unclosed-quote',
  severity: 'error',
  summary: 'a quote that is opened and not closed',
  page: () => ({
    docs: 'A `"` starts a quoted text that runs, over lines if need be, to the next `"`. When it is missing, everything up to the next quote or to the end of the file becomes one argument, and the directives in it are not read. maddy says nothing, or fails far below. Only `\\"` is an escape: `"C:\\mail\\"` does not end there.',
    invalid: 'reject 550 5.1.1 "User unknown\nhostname "mx.example.org"\n',
    valid: 'reject 550 5.1.1 "User unknown"\nhostname "mx.example.org"\n',
  }),
};

export const missingOpenBrace: Code = {
  code: 'M1019',
  name: 'missing-open-brace',
  severity: 'error',
  summary: 'a directive that lacks its "{"',
  page: () => ({
    docs: 'Deeper lines and a `}` in the column of this directive follow, but it opens no block. maddy refuses the file at the `}`. Write ` {` at the end of the line.',
    invalid: 'default_source\n    reject 501 5.1.8 "Non-local sender"\n}\n',
    valid: 'default_source {\n    reject 501 5.1.8 "Non-local sender"\n}\n',
  }),
};
