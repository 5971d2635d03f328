import { readFileSync, readlinkSync } from 'node:fs';
import { type EndpointAddress, sameListener } from '../net/endpoint-address.ts';
import { isThisProcess, type LauncherEnvironment } from './this-process.ts';

/** A listening socket that was open before this process began (sd_listen_fds(3)). */
export interface InheritedSocket {
  readonly fd: number;
  readonly address: EndpointAddress;
}

export interface ActivationEnvironment extends LauncherEnvironment {
  readonly LISTEN_FDS?: string | undefined;
  readonly LISTEN_PID?: string | undefined;
}

const firstFd = 3;
const mostSockets = 100;

/** The sockets that are meant for this process. */
export function inheritedSockets(env: ActivationEnvironment): readonly InheritedSocket[] {
  const { LISTEN_FDS: count, LISTEN_PID: pid } = env;
  if (!isThisProcess(pid, env) || !/^\d{1,3}$/.test(count ?? '')) return [];
  const addresses = listeningAddresses();
  return Array.from({ length: Math.min(Number(count), mostSockets) }, (_, at) => firstFd + at).flatMap((fd) => {
    const address = addresses.get(inodeOf(fd));
    return address === undefined ? [] : [{ fd, address }];
  });
}

/** The inherited socket that listens where a configuration wants to listen. */
export function inheritedFor(
  address: EndpointAddress,
  sockets: readonly InheritedSocket[],
): InheritedSocket | undefined {
  return sockets.find((socket) => sameListener(socket.address, address));
}

function inodeOf(fd: number): string {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/self/fd/${fd}`))?.[1] ?? '';
  } catch {
    return '';
  }
}

const listening = '0A';

/** By inode. Node cannot tell what a descriptor is bound to without listening on it; Linux can. */
function listeningAddresses(): ReadonlyMap<string, EndpointAddress> {
  const found = new Map<string, EndpointAddress>();
  for (const table of ['tcp', 'tcp6']) {
    for (const line of linesOf(`/proc/self/net/${table}`)) {
      const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
      const [host = '', port = ''] = local.split(':');
      if (state !== listening) continue;
      found.set(inode, { kind: 'tcp', host: hostOf(host), port: Number.parseInt(port, 16), tls: false });
    }
  }
  for (const line of linesOf('/proc/self/net/unix')) {
    const [, , , , , , inode = '', path = ''] = line.trim().split(/\s+/);
    if (path.startsWith('/')) found.set(inode, { kind: 'unix', path });
  }
  return found;
}

function linesOf(path: string): readonly string[] {
  try {
    return readFileSync(path, 'utf8').split('\n').slice(1);
  } catch {
    return [];
  }
}

/** Words of four bytes in the byte order of the host, which is little-endian wherever Node runs on Linux but s390x. */
function hostOf(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) => [...Buffer.from(word, 'hex').reverse()]);
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, at) =>
    ((bytes[2 * at] ?? 0) * 256 + (bytes[2 * at + 1] ?? 0)).toString(16),
  );
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}
