import { randomInt } from 'node:crypto';
import dnsPacket, { type Answer, type DecodedPacket } from 'dns-packet';
import { nameKey, type RecordType } from './records.ts';

export interface Query {
  readonly id: number;
  readonly type: RecordType;
  readonly name: string;
  readonly bytes: Buffer;
}

/** What one server said to one query. */
export interface Response {
  /** RFC 1035 section 4.1.1. */
  readonly code: number;
  readonly truncated: boolean;
  /** The AD bit, which only means something from a server that is trusted. */
  readonly authentic: boolean;
  readonly answers: readonly Answer[];
  readonly authorities: readonly Answer[];
}

export const responseCodes = {
  noError: 0,
  formatError: 1,
  serverFailure: 2,
  noSuchName: 3,
  notImplemented: 4,
} as const;

const codeNames = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED'];

export function codeName(code: number): string {
  return codeNames[code] ?? `RCODE ${code}`;
}

/** Passes every network without being cut into pieces (RFC 9715). */
const udpPayload = 1_232;

/** The AD bit asks for the AD bit (RFC 6840 section 5.7). `extended`: with EDNS, which very old servers refuse. */
export function createQuery(type: RecordType, name: string, extended: boolean): Query {
  const id = randomInt(0x1_0000);
  const edns: Answer = {
    type: 'OPT',
    name: '.',
    udpPayloadSize: udpPayload,
    extendedRcode: 0,
    ednsVersion: 0,
    flags: 0,
    flag_do: false,
    options: [],
  };
  const bytes = dnsPacket.encode({
    type: 'query',
    id,
    flags: dnsPacket.RECURSION_DESIRED | dnsPacket.AUTHENTIC_DATA,
    questions: [{ type, name, class: 'IN' }],
    additionals: extended ? [edns] : [],
  });
  return { id, type, name, bytes };
}

/** Null: not a response to this very query, or none that can be read. */
export function readResponse(bytes: Buffer, query: Query): Response | null {
  let packet: DecodedPacket;
  try {
    packet = dnsPacket.decode(bytes);
  } catch {
    return readFailure(bytes, query);
  }
  const [question, ...more] = packet.questions ?? [];
  if (packet.type !== 'response' || packet.id !== query.id || question === undefined || more.length > 0) return null;
  const { name, type, class: family } = question;
  if (type !== query.type || family !== 'IN' || nameKey(name) !== nameKey(query.name)) return null;
  return {
    code: ((packet.flags ?? 0) & 0xf) | (extendedCode(packet) << 4),
    truncated: packet.flag_tc,
    authentic: packet.flag_ad,
    answers: packet.answers ?? [],
    authorities: packet.authorities ?? [],
  };
}

/** RFC 6891 section 6.1.3. */
function extendedCode({ additionals = [] }: DecodedPacket): number {
  for (const record of additionals) if (record.type === 'OPT') return record.extendedRcode;
  return 0;
}

const headerBytes = 12;
const responseBit = 0x8000;
const truncationBit = 0x0200;

/**
 * A response whose records cannot be read: cut off in the middle of one, or without the question, as servers send that
 * could not read the query. It tells nothing but that another try is needed.
 */
function readFailure(bytes: Buffer, { id }: Query): Response | null {
  if (bytes.length < headerBytes || bytes.readUInt16BE(0) !== id) return null;
  const flags = bytes.readUInt16BE(2);
  if ((flags & responseBit) === 0) return null;
  const code = flags & 0xf;
  const truncated = (flags & truncationBit) !== 0;
  if (!truncated && (code === responseCodes.noError || code === responseCodes.noSuchName)) return null;
  return { code, truncated, authentic: false, answers: [], authorities: [] };
}
