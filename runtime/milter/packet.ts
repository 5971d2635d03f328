/** A command or an answer of the milter protocol: one letter and what belongs to it. */
export interface Packet {
  readonly code: string;
  readonly data: Buffer;
}

/** What a milter may send at once; libmilter itself sends no more than 64 KiB. */
const longestPacket = 1024 * 1024;

/** Length (letter included), letter, data. */
export function writePacket(code: string, data: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(data.length + 1);
  head.write(code, 4, 'latin1');
  return Buffer.concat([head, data]);
}

/** Texts that each end with a NUL. */
export function texts(...values: readonly string[]): Buffer {
  return Buffer.from(values.map((value) => `${value.replaceAll('\0', '')}\0`).join(''));
}

/** Cuts a stream of bytes into packets. */
export class PacketReader {
  #input: Buffer = Buffer.alloc(0);

  /** Throws when what comes is no packet. */
  receive(bytes: Buffer): readonly Packet[] {
    this.#input = this.#input.length === 0 ? bytes : Buffer.concat([this.#input, bytes]);
    const packets: Packet[] = [];
    let at = 0;
    while (this.#input.length - at >= 5) {
      const length = this.#input.readUInt32BE(at);
      if (length === 0 || length > longestPacket) throw new Error(`the milter sent a packet of ${length} bytes`);
      if (this.#input.length - at < 4 + length) break;
      const code = this.#input.toString('latin1', at + 4, at + 5);
      packets.push({ code, data: this.#input.subarray(at + 5, at + 4 + length) });
      at += 4 + length;
    }
    this.#input = this.#input.subarray(at);
    return packets;
  }
}

/** Texts that NULs end; a rest without one counts too. */
export function readTexts(data: Buffer): readonly string[] {
  const parts = data.toString('utf8').split('\0');
  return parts.at(-1) === '' ? parts.slice(0, -1) : parts;
}
