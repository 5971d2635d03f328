import type { Code } from './code.ts';
import {
  backslashBeforeBrace,
  braceBeforeRest,
  declarationTakesBrace,
  deepNesting,
  literalBrace,
} from './findings/braces.ts';
import { invalidUtf8, loneCarriageReturn, unusualCharacter } from './findings/characters.ts';
import { semicolonOrEquals } from './findings/habits.ts';
import { wholeTextCodes } from './findings/whole-text.ts';
import {
  attachedBackslash,
  escapedLastQuote,
  gluedToQuote,
  hashInWord,
  quoteInWord,
  quotesWithoutEffect,
  singleQuotes,
} from './findings/words.ts';
import { braceGlued, missingOpenBrace, unclosedQuote } from './lexical-codes.ts';
import { readerCodes } from './reader-codes.ts';

/** Every code that this folder gives. */
export const grammarCodes: readonly Code[] = [
  ...readerCodes,
  missingOpenBrace,
  braceGlued,
  unusualCharacter,
  unclosedQuote,
  singleQuotes,
  semicolonOrEquals,
  loneCarriageReturn,
  invalidUtf8,
  hashInWord,
  quoteInWord,
  gluedToQuote,
  escapedLastQuote,
  attachedBackslash,
  quotesWithoutEffect,
  literalBrace,
  declarationTakesBrace,
  braceBeforeRest,
  backslashBeforeBrace,
  deepNesting,
  ...wholeTextCodes,
];
