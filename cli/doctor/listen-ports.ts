import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Endpoint } from '../../compiler/catalog/values/endpoint.ts';
import type { Account } from '../host-facts/paths.ts';
import { type DoctorFinding, fine, type Subject, trouble } from './finding.ts';

/** Whether the server can listen there: the port is free for a moment, or its own. */
export async function checkPort(
  endpoint: Endpoint,
  subject: Subject,
  account: Account,
): Promise<readonly DoctorFinding[]> {
  const port = Number(endpoint.port);
  const first = firstFreePort();
  const rights =
    account.uid !== 0 && port < first
      ? [
          trouble(
            'port-needs-rights',
            'info',
            subject,
            `ports below ${first} are for root, and ${account.name ?? account.uid} is not root`,
            'Give the service CAP_NET_BIND_SERVICE (systemd: AmbientCapabilities=CAP_NET_BIND_SERVICE).',
          ),
        ]
      : [];
  return [await tryPort(endpoint, port, subject), ...rights];
}

async function tryPort({ host }: Endpoint, port: number, subject: Subject): Promise<DoctorFinding> {
  const failure = await listenOnce(host, port);
  switch (failure) {
    case null:
      return fine('port', subject, 'is free');
    case 'EADDRINUSE': {
      const owner = ownerOf(port);
      if (owner !== null && isMailServer(owner)) return fine('port', subject, `is the server's own: ${owner}`);
      return trouble(
        'port-taken',
        'error',
        subject,
        `the port is taken${owner === null ? '' : ` by ${owner}`}`,
        owner === null
          ? `Look who listens there (ss -ltnp 'sport = :${port}', as root); if it is not the server itself, stop it or change the address.`
          : 'Stop that program, or change the address in one of the two.',
      );
    }
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return trouble(
        'address-not-here',
        'error',
        subject,
        'this machine does not have the address',
        'Write one that "ip address" shows, or 0.0.0.0 for all.',
      );
    case 'EACCES':
      return trouble(
        'port-not-tried',
        'info',
        subject,
        'this account may not listen there, so it was not tried',
        'Run the doctor as root.',
      );
    default:
      return trouble('port-unusable', 'error', subject, `nobody can listen there: ${failure}`, 'Change the address.');
  }
}

/** The system's word for why it does not go. */
function listenOnce(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host: host === '' ? '::' : host, port, exclusive: true }, () => server.close(() => resolve(null)));
  });
}

function firstFreePort(): number {
  try {
    return Number(readFileSync('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8'));
  } catch {
    return 1024;
  }
}

/** The program that listens on the port, where the system lets us know (proc(5)). */
function ownerOf(port: number): string | null {
  const inodes = new Set(['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => listenersIn(table, port)));
  if (inodes.size === 0) return null;
  for (const pid of listOf('/proc').filter((name) => /^\d+$/.test(name))) {
    const holds = listOf(`/proc/${pid}/fd`).some((fd) => {
      const link = quietly(() => readlinkSync(`/proc/${pid}/fd/${fd}`));
      return inodes.has(/^socket:\[(\d+)\]$/.exec(link ?? '')?.[1] ?? '');
    });
    if (holds)
      return quietly(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim().slice(0, 120));
  }
  return null;
}

/** By the program's own name: a folder on the way to another one may be called the same. */
export function isMailServer(commandLine: string): boolean {
  const [program = '', ...rest] = commandLine.split(' ');
  const script = /(^|\/)node(js)?$/.test(program) ? rest.find((word) => !word.startsWith('-')) : program;
  return /(^|\/)(maddyc?|madmail)(\.cjs)?$/.test(script ?? '');
}

function listenersIn(table: string, port: number): readonly string[] {
  const listening = '0A';
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return (quietly(() => readFileSync(table, 'utf8')) ?? '')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[1]?.endsWith(suffix) === true && fields[3] === listening)
    .map((fields) => fields[9] ?? '');
}

const listOf = (directory: string): readonly string[] => quietly(() => readdirSync(directory)) ?? [];

/** What others own cannot be read, and processes end while we look. */
function quietly<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
