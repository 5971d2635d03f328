import { asciiDomain } from '../text/domain.ts';

export interface ZoneRecord {
  /** In lower case, without the final dot. */
  readonly name: string;
  readonly type: string;
  /** Fields; names without their final dot, the strings of a TXT record as one. */
  readonly data: readonly string[];
}

export interface ZoneFile {
  readonly records: readonly ZoneRecord[];
  /** Lines that could not be read, in words. */
  readonly problems: readonly string[];
}

interface Word {
  readonly text: string;
}

interface Entry {
  readonly line: number;
  /** The line begins with white space: the name is the one before. */
  readonly indented: boolean;
  readonly words: readonly Word[];
}

/** Types whose last field is a name. */
const namesLast: ReadonlySet<string> = new Set(['MX', 'SRV', 'CNAME', 'NS', 'PTR']);

/** A zone in the master file format (RFC 1035 section 5). `origin`: where names begin until `$ORIGIN` says. */
export function readZoneFile(text: string, origin: string): ZoneFile {
  const records: ZoneRecord[] = [];
  const problems: string[] = [];
  let base = origin;
  let owner = origin;
  for (const { line, indented, words } of entriesOf(text)) {
    const [first, second] = words;
    if (first === undefined) continue;
    if (first.text.toUpperCase() === '$ORIGIN' && second !== undefined) {
      base = absolute(second.text, base);
      continue;
    }
    if (first.text.toUpperCase() === '$INCLUDE') {
      problems.push(`line ${line}: $INCLUDE is not followed`);
      continue;
    }
    if (first.text.startsWith('$')) continue;
    if (!indented) owner = absolute(first.text, base);
    const rest = withoutTtlAndClass(indented ? words : words.slice(1));
    const [type, ...fields] = rest;
    if (type === undefined || !/^[A-Za-z][A-Za-z0-9]*$/.test(type.text)) {
      problems.push(`line ${line}: no record type`);
      continue;
    }
    records.push(recordOf(owner, type.text.toUpperCase(), fields, base));
  }
  return { records, problems };
}

function recordOf(name: string, type: string, fields: readonly Word[], base: string): ZoneRecord {
  if (type === 'TXT' || type === 'SPF') return { name, type, data: [fields.map(({ text }) => text).join('')] };
  if (type === 'TLSA') {
    // The hexadecimal part may be written in pieces (RFC 6698 section 2.2).
    const [usage, selector, matching, ...hash] = fields.map(({ text }) => text);
    return { name, type, data: [usage ?? '', selector ?? '', matching ?? '', hash.join('').toLowerCase()] };
  }
  const data = fields.map(({ text }, index) =>
    namesLast.has(type) && index === fields.length - 1 ? absolute(text, base) : text,
  );
  return { name, type, data };
}

/** They stand before the type, in either order, or not at all. */
function withoutTtlAndClass(words: readonly Word[]): readonly Word[] {
  let at = 0;
  while (at < 2 && /^(\d+[smhdw]?(\d+[smhdw])*|IN|CH|HS)$/i.test(words[at]?.text ?? '')) at += 1;
  return words.slice(at);
}

function absolute(name: string, base: string): string {
  if (name === '@') return base;
  const full = name.endsWith('.') ? name.slice(0, -1) : base === '' ? name : `${name}.${base}`;
  return (asciiDomain(full) ?? full).toLowerCase();
}

/** Lines with their continuation in parentheses; comments and blank lines are gone. */
function* entriesOf(text: string): Iterable<Entry> {
  let words: Word[] = [];
  let depth = 0;
  let start = 0;
  let indented = false;
  const lines = text.split(/\r?\n/);
  for (const [index, line] of lines.entries()) {
    if (depth === 0) {
      words = [];
      start = index + 1;
      indented = /^\s/.test(line);
    }
    for (const match of line.matchAll(/"((?:[^"\\]|\\.)*)"?|[()]|;.*|(?:[^\s"();\\]|\\.)+/g)) {
      const [token, quoted] = match;
      if (token.startsWith(';')) break;
      if (token === '(') depth += 1;
      else if (token === ')') depth = Math.max(0, depth - 1);
      else words.push({ text: unescaped(quoted ?? token) });
    }
    if (depth === 0 && words.length > 0) yield { line: start, indented, words };
  }
  if (depth > 0 && words.length > 0) yield { line: start, indented, words };
}

/** `\DDD` is a byte in decimal, `\X` the character itself. */
function unescaped(text: string): string {
  return text.replace(/\\(\d{3}|.)/g, (_, escaped: string) =>
    escaped.length === 3 ? String.fromCharCode(Number(escaped)) : escaped,
  );
}
