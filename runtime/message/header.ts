import type { HeaderChange, HeaderField, MessageHeader } from '../module.ts';
import { writeField } from './header-write.ts';
import { Stuffing } from './line-forms.ts';

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
  const text = received.toString('latin1');
  const fields = new FieldReader(text, text.length);
  const outcome = fields.read();
  if (outcome === 'complete') return new Header(received, fields.found, fields.foundAll);
  if (outcome !== 'unsound') return outcome === 'empty line' ? fields.fault('line without a colon') : outcome;
  return parseHeader(Buffer.from(withCrlfOnly(text), 'latin1'));
}

/**
 * The header at the start of a piece of a message, and how long it is with its empty line; null when it does not end here or
 * is not sound: then it is a case for `parseHeader`. `text` has one character for each byte and may go on behind the piece.
 */
export function readSoundHeader(piece: Buffer, text: string): { header: MessageHeader; length: number } | null {
  const fields = new FieldReader(text, piece.length);
  if (fields.read() !== 'empty line') return null;
  return { header: new Header(piece.subarray(0, fields.at), fields.found, fields.foundAll), length: fields.at + 2 };
}

/** A header without fields, for messages that are made here. */
export function emptyHeader(): MessageHeader {
  return new Header(Buffer.alloc(0), [], true);
}

function withCrlfOnly(text: string): string {
  const ended = text.endsWith('\n') ? text : `${text}\r\n`;
  return ended.replace(/\r\n|\n|\r/g, (end) => (end === '\r' ? ' ' : '\r\n'));
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

/** Where a field stands in the bytes of the header. */
interface ReceivedField {
  /** As written. */
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** Finds the fields in the first `length` characters of a text. */
class FieldReader {
  readonly #text: string;
  readonly #length: number;
  #line = 0;
  /** Where the field stands that is read. */
  at = 0;
  readonly found: ReceivedField[] = [];
  /** False when one was left out. */
  foundAll = true;

  constructor(text: string, length: number) {
    this.#text = text;
    this.#length = length;
  }

  /** `unsound`: a line that does not end with CRLF and nothing else of that kind, or that does not end at all. */
  read(): 'complete' | 'empty line' | 'unsound' | HeaderFault {
    if (this.#length > 0 && isBlank(this.#text.charCodeAt(0))) return this.fault('starts with a blank');
    while (this.at < this.#length) {
      if (this.#text.charCodeAt(this.at) === 0x0d && this.#isWithin(this.at + 2)) return 'empty line';
      const { at } = this;
      const firstLine = this.#line;
      const end = this.#fieldEnd();
      if (end === -1 || end > this.#length) return 'unsound';
      const colon = this.#plainNameEnd();
      const name = colon === -1 ? this.#anyName() : this.#text.slice(at, colon);
      if (name === null) return this.fault('line without a colon', firstLine);
      if (colon === -1 && /[^!-~]/.test(name)) return this.fault('field name with a forbidden character', firstLine);
      if (name === '') this.foundAll = false;
      else this.found.push({ name, start: at, end });
      this.at = end;
    }
    return 'complete';
  }

  fault(fault: HeaderFault['fault'], linesBefore = this.#line): HeaderFault {
    return { fault, line: linesBefore + 1 };
  }

  #isWithin(end: number): boolean {
    return end <= this.#length && this.#text.charCodeAt(end - 1) === 0x0a;
  }

  /** Behind its last line; -1: not all of its lines are sound. */
  #fieldEnd(): number {
    let end = this.at;
    do {
      const lineFeed = this.#text.indexOf('\n', end);
      if (lineFeed < 1 || this.#text.indexOf('\r', end) !== lineFeed - 1) return -1;
      end = lineFeed + 1;
      this.#line++;
    } while (isBlank(this.#text.charCodeAt(end)));
    return end;
  }

  /** Where the colon stands; -1: there are other characters before it than field names have. */
  #plainNameEnd(): number {
    for (let at = this.at; ; at++) {
      const unit = this.#text.charCodeAt(at);
      if (unit === 0x3a) return at;
      if (unit <= 0x20 || unit > 0x7e) return -1;
    }
  }

  /** Null: the first line has no colon. */
  #anyName(): string | null {
    const colon = this.#text.indexOf(':', this.at);
    // A colon of a continuation line does not count: the name stands on the first line.
    if (colon === -1 || colon >= this.#text.indexOf('\r', this.at)) return null;
    return this.#text.slice(this.at, colon).replace(/[ \t]+$/, '');
  }
}

const dot = 0x2e;

interface AddedField extends HeaderField {
  /** A line of it may begin with a dot. */
  readonly mayHaveDots: boolean;
}

const noFields: readonly AddedField[] = [];

class Header implements MessageHeader {
  #bytes: Buffer;
  #received: readonly ReceivedField[];
  /** The newest one last. */
  #added: AddedField[];
  /** The received fields are all there is in the bytes. */
  #isWhole: boolean;

  constructor(
    bytes: Buffer,
    received: readonly ReceivedField[],
    isWhole: boolean,
    added: readonly AddedField[] = noFields,
  ) {
    this.#bytes = bytes;
    this.#received = received;
    this.#isWhole = isWhole;
    this.#added = [...added];
  }

  get(name: string): string | null {
    const isWanted = hasName(name);
    const added = this.#added.findLast(isWanted);
    if (added !== undefined) return fieldValue(added);
    const received = this.#received.find(isWanted);
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
    if (raw !== null) this.#added.push({ name: name.toLowerCase(), raw, mayHaveDots: raw[0] === dot });
  }

  prependRaw(field: Buffer): void {
    this.#added.push({
      name: field.toString('latin1', 0, field.indexOf(':')).trim().toLowerCase(),
      raw: field,
      mayHaveDots: true,
    });
  }

  change({ name, occurrence, field }: HeaderChange): void {
    const wanted = name.toLowerCase();
    const fields = this.fields();
    const at = fields.flatMap((each, index) => (each.name === wanted ? [index] : []))[occurrence - 1];
    if (at === undefined && field === null) return;
    const changed = field === null ? [] : [{ name: wanted, raw: field }];
    this.#added = fields
      .toSpliced(at ?? fields.length, at === undefined ? 0 : 1, ...changed)
      .reverse()
      .map(({ name, raw }) => ({ name, raw, mayHaveDots: true }));
    this.#received = [];
    this.#bytes = Buffer.alloc(0);
    this.#isWhole = true;
  }

  copy(): MessageHeader {
    return new Header(this.#bytes, this.#received, this.#isWhole, this.#added);
  }

  fields(): readonly HeaderField[] {
    return [...this.#added.toReversed(), ...this.#received.map((field) => this.#fieldAt(field))];
  }

  count(name: string): number {
    const isWanted = hasName(name);
    let count = 0;
    for (const field of this.#received) if (isWanted(field)) count++;
    for (const field of this.#added) if (isWanted(field)) count++;
    return count;
  }

  bytes(): Buffer {
    const pieces = this.#pieces();
    const [first, ...others] = pieces;
    return first !== undefined && others.length === 0 ? first : Buffer.concat(pieces);
  }

  wirePieces(): readonly Buffer[] {
    const pieces = this.#pieces();
    // A line that goes on with a field begins with a blank: only a name can begin with a dot, or raw bytes from elsewhere.
    const mayHaveDots =
      this.#received.some(({ name }) => name.startsWith('.')) || this.#added.some((field) => field.mayHaveDots);
    return mayHaveDots ? pieces.map((piece) => new Stuffing().push(piece)) : pieces;
  }

  #pieces(): readonly Buffer[] {
    if (!this.#isWhole) return this.fields().map((field) => field.raw);
    const pieces: Buffer[] = [];
    for (let at = this.#added.length - 1; at >= 0; at--) {
      const field = this.#added[at];
      if (field !== undefined) pieces.push(field.raw);
    }
    pieces.push(this.#bytes);
    return pieces;
  }

  #fieldAt({ name, start, end }: ReceivedField): HeaderField {
    return { name: name.toLowerCase(), raw: this.#bytes.subarray(start, end) };
  }
}

/** Fields of one name; in a message nearly all have another length already. */
function hasName(name: string): (field: { readonly name: string }) => boolean {
  const wanted = name.toLowerCase();
  return (field) => field.name.length === wanted.length && field.name.toLowerCase() === wanted;
}

/** Unfolded, without blanks around it. */
function fieldValue(field: HeaderField): string {
  const text = field.raw.toString('utf8');
  return text
    .slice(text.indexOf(':') + 1)
    .replace(/[ \t]*\r\n[ \t]*/g, ' ')
    .trim();
}
