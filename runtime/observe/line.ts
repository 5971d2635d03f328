import { isPrintable } from '../../compiler/text/ascii.ts';
import { ReplyError } from '../module.ts';
import { reasonOf } from '../reason-of.ts';
import type { LogFields } from './log.ts';

/** Readers of the log take lines of up to 64 KiB (drop-in-cli 4). */
const longestFields = 60_000;
/** What is kept of a value: less where the line would become too long all the same. */
const longestValue = 8_192;
const longestValueThen = 512;
/** UTF-8 takes up to three bytes for a unit. */
const certainlyShort = longestFields / 3;

/** What one line says. */
export interface LogEntry {
  /** Of the module; empty for lines about the server or one message. */
  readonly name: string;
  readonly level: 'debug' | 'info' | 'error';
  readonly text: string;
  readonly fields: LogFields;
}

/** How lines look. */
export interface LineFormat {
  /** Without its LF. */
  line(entry: LogEntry): string;
  raw(text: string): string;
  /** Time and level stand in the line itself. */
  readonly isComplete: boolean;
}

export const maddyForm: LineFormat = {
  line: ({ name, text, fields }) =>
    name === '' ? formatLine(text, fields) : `${inOneLine(name)}: ${formatLine(text, fields)}`,
  raw: (text) => text,
  isComplete: false,
};

/** One JSON object a line, for collectors: `time`, `level`, `module`, `message`, then the fields as they are. `now`: Unix ms. */
export function jsonForm(now: () => number): LineFormat {
  const object = (level: LogEntry['level'], module: string, message: string, fields: LogFields): string => {
    const head = { time: new Date(now()).toISOString(), level, ...(module === '' ? {} : { module }), message };
    const rest = pairsOf(fields, (key) => Object.hasOwn(head, key));
    const start = encode(head).slice(0, -1);
    return `${start}${rest === '' ? '' : ','}${rest}}`;
  };
  return {
    line: ({ name, level, text, fields }) => object(level, name, text, fields),
    raw: (text) => object('debug', '', text, {}),
    isComplete: true,
  };
}

/** One line in maddy's form, without its LF: MESSAGE, TAB, fields as JSON when there are any (runtime-core 3.2). */
export function formatLine(text: string, fields: LogFields): string {
  const message = inOneLine(text);
  const pairs = pairsOf(fields, isNone);
  return pairs === '' ? `${message}\t` : `${message}\t{${pairs}}`;
}

const isNone = (): boolean => false;

/** The members of a JSON object, keys in order. */
function pairsOf(fields: LogFields, isLeftOut: (key: string) => boolean): string {
  const pairs = encodePairs(fields, isLeftOut, longestValue);
  if (pairs.length <= certainlyShort || Buffer.byteLength(pairs) <= longestFields) return pairs;
  return encodePairs(fields, isLeftOut, longestValueThen);
}

function encodePairs(fields: LogFields, isLeftOut: (key: string) => boolean, longest: number): string {
  let pairs = '';
  for (const key of sortedKeys(fields)) {
    const value = fields[key];
    if (value === undefined || isLeftOut(key)) continue;
    pairs += `${pairs === '' ? '' : ','}"${key}":${encode(loggedValue(value, longest))}`;
  }
  return pairs;
}

/** A line break would make a second line of whatever somebody put into a name, other control characters a command to a terminal. */
function inOneLine(text: string): string {
  return isPrintable(text) ? text : text.replace(/\p{Cc}+/gu, ' ');
}

/** What a line says about an error: its own fields, its reply, and its text as `reason`. */
export function errorFields(error: unknown): LogFields {
  if (error instanceof ReplyError) {
    const { code, enhanced, text } = error.reply;
    return { reason: text, smtp_code: code, smtp_enchcode: enhanced, smtp_msg: text, ...error.fields };
  }
  return { reason: reasonOf(error) };
}

/** Most callers name them in order already. */
function sortedKeys(fields: LogFields): readonly string[] {
  const keys = Object.keys(fields);
  for (let at = 1; at < keys.length; at++) {
    if (byBytes(keys[at - 1] ?? '', keys[at] ?? '') > 0) return keys.sort(byBytes);
  }
  return keys;
}

function byBytes(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function loggedValue(value: unknown, longest: number): unknown {
  if (typeof value === 'string') return value.length > longest ? `${value.slice(0, longest)}…` : value;
  if (value instanceof Date) return value.toISOString().slice(0, -1);
  if (value instanceof Error) return value.message;
  return Array.isArray(value) ? shortList(value, longest) : value;
}

/** As many as fit, and how many more there are. */
function shortList(values: readonly unknown[], longest: number): readonly unknown[] {
  let length = 0;
  for (const [at, value] of values.entries()) {
    length += String(value).length;
    if (length > longest) return [...values.slice(0, at), `… and ${values.length - at} more`];
  }
  return values;
}

/** JSON as Go's encoder writes it, and without the control characters that are left in it (DEL, C1): logs are read in terminals. */
function encode(value: unknown): string {
  // Most values are addresses and numbers: JSON has nothing to do with them.
  if (typeof value === 'string' && isItsOwnJson(value)) return `"${value}"`;
  const json = JSON.stringify(typeof value === 'string' ? value.toWellFormed() : value) ?? 'null';
  return json.replace(/[<>&\u2028\u2029\p{Cc}]/gu, escapeUnit);
}

/** Neither `"` nor `\` nor what Go escapes: a loop, because for a few characters a RegExp takes several times as long. */
function isItsOwnJson(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0x20 || unit > 0x7e) return false;
    if (unit === 0x22 || unit === 0x26 || unit === 0x3c || unit === 0x3e || unit === 0x5c) return false;
  }
  return true;
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
