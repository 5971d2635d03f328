import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import dnsPacket, { type Answer, type Packet, type Question } from 'dns-packet';
import { freePort } from './free-port.ts';

export interface Zone {
  readonly A?: readonly string[];
  readonly AAAA?: readonly string[];
  readonly CNAME?: string;
  readonly TXT?: readonly string[];
  readonly MX?: readonly { readonly host: string; readonly pref: number }[];
  readonly PTR?: readonly string[];
  readonly TLSA?: readonly {
    readonly usage: number;
    readonly selector: number;
    readonly matchingType: number;
    readonly certificate: Buffer;
  }[];
  /** Answers are marked as authenticated. */
  readonly AD?: boolean;
  /** Any value: the name answers SERVFAIL. */
  readonly err?: unknown;
}

/** Names with their final dot, in lower case. One that is not there is NXDOMAIN. */
export type Zones = Readonly<Record<string, Zone>>;

export interface DnsServerOptions {
  /** A free one when absent. */
  readonly port?: number;
  /** UDP answers longer than this are cut off, as a server does that wants to be asked by TCP. */
  readonly truncateAbove?: number;
  /** Names that are never answered. */
  readonly silent?: readonly string[];
  /** Seconds for which answers are true; 60 when it does not say. */
  readonly ttl?: number;
  /** Seconds for which the absence of names and records is true; without it nothing is said about that. */
  readonly absenceTtl?: number;
  /** What is sent instead of a reply, in this order: for servers that are broken or not what they seem. */
  readonly disturb?: (reply: Packet, via: 'udp' | 'tcp', query: Packet) => readonly Buffer[];
}

const failure = 2;
const noSuchName = 3;

/** An authoritative server for the zones of a test, on UDP and TCP at one port of loopback. */
export class DnsServer {
  readonly #zones: Zones;
  readonly #options: DnsServerOptions;
  readonly #udp: DatagramSocket;
  readonly #tcp: Server;
  readonly port: number;
  /** `TYPE name` of each question that came, with `/tcp` behind it where it came so. */
  readonly questions: string[] = [];

  private constructor(zones: Zones, options: DnsServerOptions, udp: DatagramSocket, tcp: Server, port: number) {
    this.#zones = zones;
    this.#options = options;
    this.#udp = udp;
    this.#tcp = tcp;
    this.port = port;
  }

  static async start(zones: Zones, options: DnsServerOptions = {}): Promise<DnsServer> {
    const port = options.port ?? (await freePort());
    const udp = createSocket('udp4');
    const tcp = createServer();
    const server = new DnsServer(zones, options, udp, tcp, port);
    udp.on('message', (bytes, { address, port: from }) => {
      for (const reply of server.#answer(bytes, 'udp')) udp.send(reply, from, address);
    });
    tcp.on('connection', (socket) => {
      let input = Buffer.alloc(0);
      socket.on('error', () => socket.destroy());
      socket.on('data', (chunk) => {
        input = Buffer.concat([input, chunk]);
        if (input.length < 2 || input.length < 2 + input.readUInt16BE(0)) return;
        for (const reply of server.#answer(input.subarray(2, 2 + input.readUInt16BE(0)), 'tcp')) {
          const length = Buffer.alloc(2);
          length.writeUInt16BE(reply.length);
          socket.write(Buffer.concat([length, reply]));
        }
        socket.end();
      });
    });
    udp.bind(port, '127.0.0.1');
    tcp.listen(port, '127.0.0.1');
    await Promise.all([once(udp, 'listening'), once(tcp, 'listening')]);
    return server;
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  async stop(): Promise<void> {
    this.#udp.close();
    this.#tcp.close();
    await once(this.#tcp, 'close');
  }

  #answer(bytes: Buffer, via: 'udp' | 'tcp'): readonly Buffer[] {
    const query: Packet = dnsPacket.decode(bytes);
    const [question] = query.questions ?? [];
    if (question === undefined) return [];
    this.questions.push(`${question.type} ${question.name}${via === 'tcp' ? '/tcp' : ''}`);
    const name = `${question.name.toLowerCase()}.`;
    if (this.#options.silent?.includes(name)) return [];
    const zone = this.#zones[name];
    const code = zone === undefined ? noSuchName : zone.err === undefined ? 0 : failure;
    const answers = zone === undefined || code !== 0 ? [] : this.#answers(question, zone);
    const authentic = zone?.AD === true ? dnsPacket.AUTHENTIC_DATA : 0;
    const packet: Packet = {
      type: 'response',
      id: query.id ?? 0,
      flags: dnsPacket.RECURSION_DESIRED | dnsPacket.RECURSION_AVAILABLE | authentic | code,
      questions: [question],
      answers,
      authorities: answers.length === 0 && code !== failure ? this.#absence() : [],
    };
    const disturbed = this.#options.disturb?.(packet, via, query);
    if (disturbed !== undefined) return disturbed;
    const reply = dnsPacket.encode(packet);
    const limit = this.#options.truncateAbove ?? Number.POSITIVE_INFINITY;
    if (via === 'tcp' || reply.length <= limit) return [reply];
    return [dnsPacket.encode({ ...packet, flags: (packet.flags ?? 0) | dnsPacket.TRUNCATED_RESPONSE, answers: [] })];
  }

  #absence(): Answer[] {
    const { absenceTtl } = this.#options;
    if (absenceTtl === undefined) return [];
    const data = { mname: 'ns.test', rname: 'admin.test', minimum: absenceTtl };
    return [{ type: 'SOA', name: 'test', ttl: absenceTtl, data }];
  }

  #answers({ name, type }: Question, zone: Zone): Answer[] {
    const common = { name, ttl: this.#options.ttl ?? 60 };
    if (zone.CNAME !== undefined && type !== 'CNAME') {
      const target = this.#zones[zone.CNAME.toLowerCase()];
      const alias: Answer = { ...common, type: 'CNAME', data: withoutDot(zone.CNAME) };
      const question: Question = { name: withoutDot(zone.CNAME), type };
      return [alias, ...(target === undefined ? [] : this.#answers(question, target))];
    }
    switch (type) {
      case 'A':
      case 'AAAA':
        return (zone[type] ?? []).map((data): Answer => ({ ...common, type, data }));
      case 'CNAME':
        return zone.CNAME === undefined ? [] : [{ ...common, type, data: withoutDot(zone.CNAME) }];
      case 'TXT':
        return (zone.TXT ?? []).map((text): Answer => ({ ...common, type, data: text.match(/.{1,255}/gs) ?? [''] }));
      case 'PTR':
        return (zone.PTR ?? []).map((data): Answer => ({ ...common, type, data: withoutDot(data) }));
      case 'MX':
        return (zone.MX ?? []).map(
          ({ host, pref }): Answer => ({ ...common, type, data: { exchange: withoutDot(host), preference: pref } }),
        );
      case 'TLSA':
        return (zone.TLSA ?? []).map((data): Answer => ({ ...common, type, data }));
      default:
        return [];
    }
  }
}

function withoutDot(name: string): string {
  return name === '.' ? name : name.replace(/\.$/, '');
}
