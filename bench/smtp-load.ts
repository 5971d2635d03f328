import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';

/** One way of sending, as options of Postfix's smtp-source. */
export interface Load {
  readonly name: string;
  readonly options: readonly string[];
  readonly messages: number;
}

export interface Measured {
  readonly messagesPerSecond: number;
  /** User and system time of the server per message, in ms; null where no server was watched. */
  readonly cpuPerMessage: number | null;
}

/** Linux counts CPU time in these. */
const ticksPerSecond = 100;

/** Sends the load to `to` (`HOST:PORT`) and watches the process `pid`. */
export async function measure(load: Load, to: string, pid: number | null): Promise<Measured> {
  const before = pid === null ? 0 : cpuTicks(pid);
  const started = performance.now();
  const options = ['-m', String(load.messages), ...load.options];
  const source = spawn('smtp-source', [...options, '-f', 'a@source.test', '-t', 'b@sink.test', to], {
    stdio: 'inherit',
  });
  const [code] = await once(source, 'exit');
  if (code !== 0) throw new Error(`smtp-source ended with ${code}`);
  const seconds = (performance.now() - started) / 1000;
  const ticks = pid === null ? 0 : cpuTicks(pid) - before;
  return {
    messagesPerSecond: load.messages / seconds,
    cpuPerMessage: pid === null ? null : (ticks / ticksPerSecond / load.messages) * 1000,
  };
}

function cpuTicks(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

/** The peak of memory is counted anew from here. */
export function resetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

/** MiB; `VmHWM` is the peak. */
export function residentMemory(pid: number, of: 'VmRSS' | 'VmHWM'): number {
  const line = readFileSync(`/proc/${pid}/status`, 'utf8')
    .split('\n')
    .find((text) => text.startsWith(of));
  return Math.round(Number(/\d+/.exec(line ?? '')?.[0]) / 1024);
}

/** A sink that takes all mail, over LMTP on a unix socket or over SMTP on a port; resolves when it listens. */
export async function startSink(where: { readonly path: string } | { readonly port: number }): Promise<ChildProcess> {
  // Postfix's tools refuse to serve as root.
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  const address = 'path' in where ? ['-L', `unix:${where.path}`] : [`127.0.0.1:${where.port}`];
  const sink = spawn('smtp-sink', [...user, ...address, '256'], { stdio: ['ignore', 'ignore', 'inherit'] });
  for (let tries = 0; ; tries++) {
    try {
      const probe = connect('path' in where ? where : { ...where, host: '127.0.0.1' });
      await once(probe, 'connect');
      probe.destroy();
      return sink;
    } catch (error) {
      if (tries > 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

/** A port of this machine that nobody listens on at the moment. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
