import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the ports that the system gives to outgoing connections: nothing takes one of these by chance. */
const lowest = 20_000;
const highest = 32_000;

/**
 * Every port once before any comes again: between the look at a port and the program that takes it, another case of this
 * process must not be given the same one. Where it begins is left to chance, because other processes do the same.
 */
function* candidatesInTurn(): Generator<number, never> {
  for (let at = Math.floor(Math.random() * (highest - lowest)); ; at += 1) yield lowest + (at % (highest - lowest));
}

const candidates = candidatesInTurn();

/** A port of loopback that was free a moment ago: for programs that cannot be asked which one they took. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = candidates.next().value;
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
