// `node --import` of this file: a connection, a datagram or the look-up of a name is told on standard error, and fails.

import dgram from 'node:dgram';
import dns from 'node:dns';
import fs, { writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { isIP, Socket } from 'node:net';

function refuse(what: string): never {
  writeSync(2, `OUTSIDE: ${what}\n`);
  throw new Error(`no ${what} here`);
}

const { lookup } = dns;
// Listening on an address looks it up as well, and asks nobody.
dns.lookup = new Proxy(lookup, {
  apply: (target, self, args) => (isIP(String(args[0])) === 0 ? refuse('name') : Reflect.apply(target, self, args)),
});
dns.resolve = new Proxy(dns.resolve, { apply: () => refuse('name') });
Socket.prototype.connect = () => refuse('connection');
dgram.createSocket = () => refuse('datagram');

// With --permission Node forbids to wait for the disk, which nobody here misses.
const own = await open(import.meta.filename);
Object.assign(Object.getPrototypeOf(own), { sync: async () => {}, datasync: async () => {} });
await own.close();
fs.fsyncSync = () => {};
syncBuiltinESMExports();
