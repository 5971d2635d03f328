import { misread, type Reading, read, type Words } from './reading.ts';

/** One word, also an empty one. */
export function readString(words: Words): Reading<string> {
  const [text] = words.args;
  if (text === undefined) return misread('too-few', 'expected 1 argument');
  if (words.args.length > 1) return misread('too-many', 'expected 1 argument', 1);
  if (words.block === 'filled') return misread('block', "can't declare block here");
  return read(text);
}

export function readStringList(words: Words): Reading<readonly string[]> {
  if (words.args.length === 0) return misread('too-few', 'expected at least one argument');
  if (words.block === 'filled') return misread('block', "can't declare block here");
  return read(words.args);
}

export function readEnum(words: Words, allowed: readonly string[]): Reading<string> {
  if (words.block === 'filled') return misread('block', "can't declare a block here");
  const [text] = words.args;
  if (text === undefined) return misread('too-few', 'expected exactly one argument');
  if (words.args.length > 1) return misread('too-many', 'expected exactly one argument', 1);
  return allowed.includes(text) ? read(text) : misread('form', notAllowed(allowed), 0);
}

export function readEnumList(words: Words, allowed: readonly string[]): Reading<readonly string[]> {
  if (words.block === 'filled') return misread('block', "can't declare a block here");
  if (words.args.length === 0) return misread('too-few', 'expected at least one argument');
  const wrong = words.args.findIndex((text) => !allowed.includes(text));
  return wrong === -1 ? read(words.args) : misread('form', notAllowed(allowed), wrong);
}

function notAllowed(allowed: readonly string[]): string {
  return `invalid argument, valid values are: [${allowed.join(' ')}]`;
}

const spellings: ReadonlyMap<string, boolean> = new Map([
  ['1', true],
  ['true', true],
  ['on', true],
  ['yes', true],
  ['0', false],
  ['false', false],
  ['off', false],
  ['no', false],
]);

/** No argument means yes. */
export function readBool(words: Words): Reading<boolean> {
  if (words.block === 'filled') return misread('block', "can't declare block here");
  const [text] = words.args;
  if (text === undefined) return read(true);
  if (words.args.length > 1) return misread('too-many', 'expected exactly 1 argument', 1);
  const value = spellings.get(text.toLowerCase());
  return value === undefined ? misread('form', "bool argument should be 'yes' or 'no'", 0) : read(value);
}
