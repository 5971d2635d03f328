import type { HeaderChange, HeaderField, MessageHeader } from '../module.ts';
import { writeField } from './header-write.ts';

/** Why a header cannot be read; `line` counts from 1. */
export interface HeaderFault {
  readonly fault: 'starts with a blank' | 'line without a colon' | 'field name with a forbidden character';
  readonly line: number;
}

/**
 * Reads a header as received, without its closing empty line. Line ends become CRLF and a bare CR a blank (D23), a line
 * with an empty name is dropped (runtime-core 6.4); everything else stays byte for byte.
 */
export function parseHeader(received: Buffer): MessageHeader | HeaderFault {
  const { bytes, text } = withCrlfOnly(received);
  const fields: ReceivedField[] = [];
  let line = 0;
  for (let at = 0; at < text.length; ) {
    const firstLine = line + 1;
    if (at === 0 && isBlank(text.charCodeAt(0))) return { fault: 'starts with a blank', line: 1 };
    let end = at;
    do {
      end = text.indexOf('\n', end) + 1;
      line++;
    } while (isBlank(text.charCodeAt(end)));
    const colon = text.indexOf(':', at);
    // A colon of a continuation line does not count: the name stands on the first line.
    if (colon === -1 || colon >= text.indexOf('\r', at)) return { fault: 'line without a colon', line: firstLine };
    const name = isBlank(text.charCodeAt(colon - 1))
      ? text.slice(at, colon).replace(/[ \t]+$/, '')
      : text.slice(at, colon);
    if (/[^!-~]/.test(name)) return { fault: 'field name with a forbidden character', line: firstLine };
    if (name !== '') fields.push({ name: name.toLowerCase(), start: at, end });
    at = end;
  }
  return new Header(bytes, fields);
}

/** A header without fields, for messages that are made here. */
export function emptyHeader(): MessageHeader {
  return new Header(Buffer.alloc(0), []);
}

function withCrlfOnly(received: Buffer): { bytes: Buffer; text: string } {
  const text = received.toString('latin1');
  if (text === '' || (text.endsWith('\n') && !/\r(?!\n)|(?<!\r)\n/.test(text))) return { bytes: received, text };
  const ended = text.endsWith('\n') ? text : `${text}\r\n`;
  const repaired = ended.replace(/\r\n|\n|\r/g, (end) => (end === '\r' ? ' ' : '\r\n'));
  return { bytes: Buffer.from(repaired, 'latin1'), text: repaired };
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

/** Where a field stands in the bytes of the header. */
interface ReceivedField {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

class Header implements MessageHeader {
  #bytes: Buffer;
  #received: readonly ReceivedField[];
  /** The newest one last. */
  #added: HeaderField[];

  constructor(bytes: Buffer, received: readonly ReceivedField[], added: readonly HeaderField[] = []) {
    this.#bytes = bytes;
    this.#received = received;
    this.#added = [...added];
  }

  get(name: string): string | null {
    const wanted = name.toLowerCase();
    const added = this.#added.findLast((field) => field.name === wanted);
    if (added !== undefined) return fieldValue(added);
    const received = this.#received.find((field) => field.name === wanted);
    return received === undefined ? null : fieldValue(this.#fieldAt(received));
  }

  getAll(name: string): readonly string[] {
    const isWanted = hasName(name);
    const received = this.#received.filter(isWanted).map((field) => this.#fieldAt(field));
    return [...this.#added.filter(isWanted).toReversed(), ...received].map(fieldValue);
  }

  prepend(name: string, value: string): void {
    // A line break in a value that came from outside must not become a field or a body of its own.
    const raw =
      writeField(name, value) ?? writeField(name.replace(/[\r\n]+/g, ''), value.replace(/[\r\n]+[ \t]*/g, ' '));
    if (raw !== null) this.#added.push({ name: name.toLowerCase(), raw });
  }

  prependRaw(field: Buffer): void {
    this.#added.push({ name: field.toString('latin1', 0, field.indexOf(':')).trim().toLowerCase(), raw: field });
  }

  change({ name, occurrence, field }: HeaderChange): void {
    const wanted = name.toLowerCase();
    const fields = this.fields();
    const at = fields.flatMap((each, index) => (each.name === wanted ? [index] : []))[occurrence - 1];
    if (at === undefined && field === null) return;
    const changed = field === null ? [] : [{ name: wanted, raw: field }];
    this.#added = fields.toSpliced(at ?? fields.length, at === undefined ? 0 : 1, ...changed).reverse();
    this.#received = [];
    this.#bytes = Buffer.alloc(0);
  }

  copy(): MessageHeader {
    return new Header(this.#bytes, this.#received, this.#added);
  }

  fields(): readonly HeaderField[] {
    return [...this.#added.toReversed(), ...this.#received.map((field) => this.#fieldAt(field))];
  }

  count(name: string): number {
    const isWanted = hasName(name);
    return this.#received.filter(isWanted).length + this.#added.filter(isWanted).length;
  }

  bytes(): Buffer {
    const length = this.#received.reduce((sum, { start, end }) => sum + end - start, 0);
    // Shorter only where a field without a name was dropped.
    if (length !== this.#bytes.length) return Buffer.concat(this.fields().map((field) => field.raw));
    if (this.#added.length === 0) return this.#bytes;
    return Buffer.concat([...this.#added.toReversed().map((field) => field.raw), this.#bytes]);
  }

  #fieldAt({ name, start, end }: ReceivedField): HeaderField {
    return { name, raw: this.#bytes.subarray(start, end) };
  }
}

function hasName(name: string): (field: { readonly name: string }) => boolean {
  const wanted = name.toLowerCase();
  return (field) => field.name === wanted;
}

/** Unfolded, without blanks around it. */
function fieldValue(field: HeaderField): string {
  const text = field.raw.toString('utf8');
  return text
    .slice(text.indexOf(':') + 1)
    .replace(/[ \t]*\r\n[ \t]*/g, ' ')
    .trim();
}
