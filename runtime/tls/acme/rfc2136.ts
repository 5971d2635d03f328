import { randomInt } from 'node:crypto';
import { connect } from 'node:net';
import dnsPacket from 'dns-packet';
import { codeName } from '../../dns/query.ts';
import { reasonOf } from '../../reason-of.ts';
import type { DnsProvider } from './dns-provider.ts';
import { createUpdate, type TsigKey, tsigAlgorithm, type UpdateAction } from './dynamic-update.ts';

export interface Rfc2136Settings {
  /** `HOST` or `HOST:PORT` of the zone's primary server. */
  readonly server: string;
  readonly keyName: string;
  /** In base64. */
  readonly key: string;
  readonly algorithm: string;
}

const timeoutMilliseconds = 15_000;
const dnsPort = 53;

/** What the codes mean for somebody who set up a key (RFC 2136 section 2.2, RFC 8945 section 5.2). */
const hints: Readonly<Record<number, string>> = {
  5: 'the zone does not let this key change it',
  9: 'the server does not know the key, or its clock and ours differ by minutes, or it is not the zone\u2019s server',
};

/** Dynamic updates (RFC 2136), signed by TSIG, over TCP. */
export class Rfc2136 implements DnsProvider {
  readonly settling = 3_000;
  readonly #host: string;
  readonly #port: number;
  readonly #key: TsigKey;

  constructor({ server, keyName, key, algorithm }: Rfc2136Settings) {
    const { bracketed, host, port } =
      /^(?:\[(?<bracketed>[^\]]+)\]|(?<host>[^:]+))(?::(?<port>\d+))?$/.exec(server)?.groups ?? {};
    this.#host = bracketed ?? host ?? server;
    this.#port = Number(port ?? dnsPort);
    const hash = tsigAlgorithm(algorithm);
    if (hash === null) throw new Error(`key_alg ${algorithm} is not known, use hmac-sha256`);
    const secret = Buffer.from(key, 'base64');
    if (secret.length === 0) throw new Error('key is not in base64');
    this.#key = { name: keyName, algorithm: hash, secret };
  }

  present(name: string, value: string): Promise<void> {
    return this.#update(name, { kind: 'add', name, value });
  }

  remove(name: string, value: string): Promise<void> {
    return this.#update(name, { kind: 'remove', name, value });
  }

  async #update(name: string, action: UpdateAction): Promise<void> {
    const zone = await this.#zoneOf(name);
    const answer = await this.#ask(createUpdate(zone, action, this.#key, new Date()));
    const code = codeOf(answer);
    if (code === 0) return;
    const hint = hints[code];
    throw new Error(
      `${this.#host} refused to change ${zone}: ${codeName(code)}${hint === undefined ? '' : `, ${hint}`}`,
    );
  }

  /** The name of the SOA record that the server gives for a name, in the answer or as the authority for its absence. */
  async #zoneOf(name: string): Promise<string> {
    const query = dnsPacket.encode({ type: 'query', id: randomInt(0x1_0000), questions: [{ type: 'SOA', name }] });
    const { answers = [], authorities = [] } = dnsPacket.decode(await this.#ask(query));
    const zone = [...answers, ...authorities].find(({ type }) => type === 'SOA')?.name;
    if (zone === undefined) throw new Error(`${this.#host} serves no zone that ${name} is in`);
    return zone;
  }

  /** One message and its answer. An answer that somebody forged on the way could only make the CA find no record. */
  #ask(message: Buffer): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      const length = Buffer.alloc(2);
      length.writeUInt16BE(message.length);
      const socket = connect({ host: this.#host, port: this.#port });
      const fail = (reason: string): void => {
        reject(new Error(`${this.#host}: ${reason}`));
        socket.destroy();
      };
      socket.setTimeout(timeoutMilliseconds, () => fail('no answer in time'));
      socket.on('error', (error) => fail(reasonOf(error)));
      socket.on('close', () => fail('closed without an answer'));
      socket.on('data', (chunk) => {
        chunks.push(chunk);
        const received = Buffer.concat(chunks);
        if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) return;
        const answer = received.subarray(2, 2 + received.readUInt16BE(0));
        if (answer.length < 12 || answer.readUInt16BE(0) !== message.readUInt16BE(0))
          fail('an answer to something else');
        else resolve(answer);
        socket.destroy();
      });
      socket.write(Buffer.concat([length, message]));
    });
  }
}

function codeOf(answer: Buffer): number {
  return answer.readUInt16BE(2) & 0xf;
}
