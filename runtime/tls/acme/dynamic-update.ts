import { createHmac, randomInt } from 'node:crypto';

/** A key that signs messages between two servers (RFC 8945). */
export interface TsigKey {
  readonly name: string;
  readonly algorithm: TsigAlgorithm;
  readonly secret: Buffer;
}

export interface TsigAlgorithm {
  /** On the wire. */
  readonly name: string;
  /** Node's name of the hash. */
  readonly hash: string;
}

/** A TXT record of one string, put into or taken from its zone. */
export interface UpdateAction {
  readonly kind: 'add' | 'remove';
  readonly name: string;
  readonly value: string;
}

const hashes = ['sha1', 'sha224', 'sha256', 'sha384', 'sha512'];
const types = { soa: 6, txt: 16, tsig: 250 };
const classes = { internet: 1, none: 254, any: 255 };
const updateOpcode = 5 << 11;
/** Seconds that both clocks may differ (RFC 8945 section 10). */
const fudge = 300;
const recordTtl = 60;

/** Null when it is none. As in RFC 8945 section 6, with or without the final dot. */
export function tsigAlgorithm(name: string): TsigAlgorithm | null {
  const plain = name.toLowerCase().replace(/\.$/, '');
  if (plain === 'hmac-md5' || plain === 'hmac-md5.sig-alg.reg.int') {
    return { name: 'hmac-md5.sig-alg.reg.int', hash: 'md5' };
  }
  const hash = hashes.find((one) => plain === `hmac-${one}`);
  return hash === undefined ? null : { name: plain, hash };
}

/** An UPDATE message (RFC 2136 section 2) with its signature. */
export function createUpdate(zone: string, { kind, name, value }: UpdateAction, key: TsigKey, now: Date): Buffer {
  const id = randomInt(0x1_0000);
  const data = Buffer.from(value, 'latin1');
  const rdata = Buffer.concat([Buffer.of(data.length), data]);
  const [family, ttl] = kind === 'add' ? [classes.internet, recordTtl] : [classes.none, 0];
  const body = Buffer.concat([
    nameBytes(zone),
    numbers16(types.soa, classes.internet),
    nameBytes(name),
    numbers16(types.txt, family),
    number32(ttl),
    numbers16(rdata.length),
    rdata,
  ]);
  const unsigned = Buffer.concat([numbers16(id, updateOpcode, 1, 0, 1, 0), body]);
  const signature = tsigRecord(unsigned, id, key, Math.floor(now.getTime() / 1_000));
  return Buffer.concat([numbers16(id, updateOpcode, 1, 0, 1, 1), body, signature]);
}

function tsigRecord(message: Buffer, id: number, { name, algorithm, secret }: TsigKey, seconds: number): Buffer {
  const keyName = nameBytes(name.toLowerCase());
  const algorithmName = nameBytes(algorithm.name);
  const time = Buffer.alloc(6);
  time.writeUIntBE(seconds, 0, 6);
  const familyAndTtl = Buffer.concat([numbers16(classes.any), number32(0)]);
  const noErrorNoData = numbers16(0, 0);
  const mac = createHmac(algorithm.hash, secret)
    .update(message)
    .update(keyName)
    .update(familyAndTtl)
    .update(algorithmName)
    .update(time)
    .update(numbers16(fudge))
    .update(noErrorNoData)
    .digest();
  const rdata = Buffer.concat([algorithmName, time, numbers16(fudge, mac.length), mac, numbers16(id), noErrorNoData]);
  return Buffer.concat([keyName, numbers16(types.tsig), familyAndTtl, numbers16(rdata.length), rdata]);
}

function nameBytes(name: string): Buffer {
  const labels = name.split('.').filter((label) => label !== '');
  const bytes = labels.flatMap((label) => {
    const text = Buffer.from(label, 'latin1');
    if (text.length > 63) throw new Error(`${name} is no name of DNS: a part of it is too long`);
    return [Buffer.of(text.length), text];
  });
  return Buffer.concat([...bytes, Buffer.of(0)]);
}

function numbers16(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  for (const [at, value] of values.entries()) bytes.writeUInt16BE(value, at * 2);
  return bytes;
}

function number32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
