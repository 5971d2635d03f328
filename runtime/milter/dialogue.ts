import { isIPv6 } from 'node:net';
import type { HeaderChange, HeaderField, Message } from '../module.ts';
import { MilterConnection, type MilterPlace } from './connection.ts';
import { type Agreement, leadingSpace, offer, readAgreement, type StepName, skipBody, steps } from './negotiation.ts';
import { type Packet, readTexts, texts } from './packet.ts';

/** What a milter decides about a message. */
export type MilterDecision =
  | { readonly kind: 'continue' | 'accept' | 'reject' | 'tempfail' | 'discard' }
  | { readonly kind: 'reply'; readonly code: number };

/** What a milter wants changed. Fields are as they are to be written, to the byte: the milter may have signed them. */
export type MilterChange =
  | { readonly kind: 'add'; readonly field: Buffer }
  | ({ readonly kind: 'change' } & HeaderChange)
  | { readonly kind: 'quarantine'; readonly reason: string }
  | { readonly kind: 'unsupported'; readonly code: string };

export interface MilterClient {
  /** Null for a unix socket. */
  readonly address: string | null;
  readonly port: number | null;
  readonly helo: string;
}

/** Values by name, as milters ask for them: one letter alone, longer names in braces. */
export type Macros = Readonly<Record<string, string>>;

const decisions: Readonly<Record<string, MilterDecision>> = {
  c: { kind: 'continue' },
  a: { kind: 'accept' },
  r: { kind: 'reject' },
  t: { kind: 'tempfail' },
  d: { kind: 'discard' },
};
const goOn: MilterDecision = { kind: 'continue' };
const bodyPiece = 65_535;

/** One message told to a milter (protocol versions 2 to 6), step by step. Methods throw when the dialogue fails. */
export class MilterDialogue {
  readonly #connection: MilterConnection;
  readonly #agreement: Agreement;

  private constructor(connection: MilterConnection, agreement: Agreement) {
    this.#connection = connection;
    this.#agreement = agreement;
  }

  static async open(place: MilterPlace): Promise<MilterDialogue> {
    const connection = await MilterConnection.open(place);
    try {
      await connection.send('O', offer());
      const answer = await connection.answer();
      if (answer.code !== 'O') throw new Error(`the milter answers ${JSON.stringify(answer.code)} to the negotiation`);
      return new MilterDialogue(connection, readAgreement(answer.data));
    } catch (error) {
      connection.end();
      throw error;
    }
  }

  async connect({ address, port, helo }: MilterClient, macros: Macros): Promise<MilterDecision> {
    const place = Buffer.alloc(2);
    place.writeUInt16BE(port ?? 0);
    const family = address === null ? 'U' : isIPv6(address) ? '6' : '4';
    const where = address === null ? [] : [place, texts(address)];
    return this.#step('connect', 'C', Buffer.concat([texts(helo), Buffer.from(family), ...where]), macros);
  }

  helo(name: string, macros: Macros): Promise<MilterDecision> {
    return this.#step('helo', 'H', texts(name), macros);
  }

  mail(from: string, parameters: readonly string[], macros: Macros): Promise<MilterDecision> {
    return this.#step('mail', 'M', texts(`<${from}>`, ...parameters), macros);
  }

  recipient(to: string, macros: Macros): Promise<MilterDecision> {
    return this.#step('recipient', 'R', texts(`<${to}>`), macros);
  }

  /** Header and body. Changes come with the decision at the end. */
  async content({ header, body }: Message): Promise<{ decision: MilterDecision; changes: readonly MilterChange[] }> {
    const done = (decision: MilterDecision) => ({ decision, changes: [] });
    for (const field of header.fields()) {
      const decision = await this.#step('header', 'L', texts(...this.#nameAndValue(field)));
      if (decision.kind !== 'continue') return done(decision);
    }
    const decision = await this.#step('endOfHeader', 'N', Buffer.alloc(0));
    if (decision.kind !== 'continue') return done(decision);
    const aboutBody = await this.#body(body.chunks());
    return aboutBody.kind === 'continue' ? this.#end() : done(aboutBody);
  }

  /** Frees the connection; the milter forgets the message. */
  end(): void {
    this.#connection.end();
  }

  async #body(chunks: AsyncIterable<Buffer> | Iterable<Buffer>): Promise<MilterDecision> {
    if (this.#has(steps.body.skip)) return goOn;
    for await (const chunk of chunks) {
      for (let at = 0; at < chunk.length; at += bodyPiece) {
        await this.#connection.send('B', chunk.subarray(at, at + bodyPiece));
        if (this.#has(steps.body.silent)) continue;
        const answer = await this.#connection.answer();
        if (answer.code === 's' && this.#has(skipBody)) return goOn;
        const decision = decisionOf(answer);
        if (decision.kind !== 'continue') return decision;
      }
    }
    return goOn;
  }

  async #end(): Promise<{ decision: MilterDecision; changes: readonly MilterChange[] }> {
    await this.#connection.send('E');
    const changes: MilterChange[] = [];
    for (;;) {
      const answer = await this.#connection.answer();
      const change = changeOf(answer, this.#has(leadingSpace));
      if (change === null) return { decision: decisionOf(answer), changes };
      changes.push(change);
    }
  }

  async #step(name: StepName, code: string, data: Buffer, macros: Macros = {}): Promise<MilterDecision> {
    if (this.#has(steps[name].skip)) return goOn;
    const known = Object.entries(macros).filter(([, value]) => value !== '');
    if (known.length > 0) await this.#connection.send('D', Buffer.concat([Buffer.from(code), texts(...known.flat())]));
    await this.#connection.send(code, data);
    return this.#has(steps[name].silent) ? goOn : decisionOf(await this.#connection.answer());
  }

  #has(flag: number): boolean {
    return (this.#agreement.protocol & flag) !== 0;
  }

  /** Folds are told as LF alone, as sendmail does; the blank after the colon only where the milter wants it. */
  #nameAndValue({ raw }: HeaderField): readonly [name: string, value: string] {
    const field = raw.toString('utf8').replaceAll('\r\n', '\n').replace(/\n$/, '');
    const colon = field.indexOf(':');
    const value = field.slice(colon + 1);
    return [field.slice(0, colon).trimEnd(), this.#has(leadingSpace) ? value : value.replace(/^[ \t]/, '')];
  }
}

function decisionOf({ code, data }: Packet): MilterDecision {
  if (code === 'y') {
    const digits = /^[45]\d\d/.exec(data.toString('latin1'))?.[0];
    if (digits === undefined) throw new Error('the milter sent a reply without a code');
    return { kind: 'reply', code: Number(digits) };
  }
  const decision = decisions[code];
  if (decision === undefined) throw new Error(`the milter answers ${JSON.stringify(code)}, which has no meaning here`);
  return decision;
}

/** Null: it is no change, but the decision. */
function changeOf({ code, data }: Packet, hasBlank: boolean): MilterChange | null {
  const fieldIn = (bytes: Buffer): Buffer | null => {
    const [name = '', value = ''] = readTexts(bytes);
    return writeMilterField(name, hasBlank ? value : ` ${value}`);
  };
  switch (code) {
    case 'h':
    case 'i': {
      // An inserted field says where; all go on top (runtime-mta 13.5).
      const field = fieldIn(code === 'i' ? data.subarray(4) : data);
      return field === null ? { kind: 'unsupported', code } : { kind: 'add', field };
    }
    case 'm': {
      if (data.length < 4) throw new Error('the milter changes a field without saying which');
      const [name = '', value = ''] = readTexts(data.subarray(4));
      const field = value === '' ? null : fieldIn(data.subarray(4));
      if (field === null && value !== '') return { kind: 'unsupported', code };
      return { kind: 'change', name, occurrence: data.readUInt32BE(0), field };
    }
    case 'q':
      return { kind: 'quarantine', reason: readTexts(data)[0] ?? '' };
    case '+':
    case '-':
    case '2':
    case 'b':
    case 'e':
    case 'l':
      return { kind: 'unsupported', code };
    default:
      return null;
  }
}

/** Null for a name that no field can have. A line of the value that is not folded would begin a field of its own: it is. */
function writeMilterField(name: string, value: string): Buffer | null {
  if (!/^[!-9;-~]+$/.test(name)) return null;
  const lines = value.replace(/[\r\n]+$/, '').split(/\r\n|\n|\r/);
  const folded = lines.map((line, at) => (at === 0 || /^[ \t]/.test(line) ? line : `\t${line}`));
  return Buffer.from(`${name}:${folded.join('\r\n')}\r\n`);
}
