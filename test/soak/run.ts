/**
 * Many connections for a while, through the whole server: nothing may be lost, and memory may not grow.
 *
 *   node test/soak/run.ts [--seconds N] [--sessions N] [--exe bin/maddyc.cjs]
 *
 * `--exe`: the program of a package instead of the sources. Postfix's smtp-source sends, its smtp-sink counts (Debian package
 * postfix). Exit code 0 when all is well.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../kit/free-port.ts';
import { scriptOptions } from '../kit/script-options.ts';
import { ServerProcess } from '../kit/server-process.ts';
import { WireClient } from '../kit/wire-client.ts';

const { values } = scriptOptions({
  options: {
    seconds: { type: 'string', default: '60' },
    sessions: { type: 'string', default: '200' },
    exe: { type: 'string' },
  },
});
const milliseconds = Number(values.seconds) * 1_000;
const messagesOfOneRun = 4_000;
/** Between the middle and the end of the time. */
const mostGrowth = 20;

const directory = mkdtempSync(join(tmpdir(), 'mc-soak-'));
// The sink gives up root.
chmodSync(directory, 0o777);
const socket = join(directory, 'lmtp');
const { sink, taken } = startSink(socket);
const port = await freePort();
const configuration = join(directory, 'maddy.conf');
writeFileSync(
  configuration,
  `state_dir ${directory}/state
runtime_dir ${directory}/run
hostname mx.example.org
tls off
log off
smtp tcp://127.0.0.1:${port} {
    deliver_to lmtp unix://${socket}
}
`,
);
const command = values.exe === undefined ? {} : { command: [process.execPath, values.exe] as const };
const server = ServerProcess.launch(['run', configuration], command);
try {
  process.exitCode = (await soak()) ? 0 : 1;
} finally {
  await server.stop();
  sink.kill();
  await once(sink, 'close');
  rmSync(directory, { recursive: true, force: true });
}

async function soak(): Promise<boolean> {
  await reachable();
  const started = Date.now();
  let sent = 0;
  let middle: number | null = null;
  while (Date.now() - started < milliseconds) {
    await send();
    sent += messagesOfOneRun;
    if (Date.now() - started > milliseconds / 2) middle ??= residentMemory();
  }
  const end = residentMemory();
  process.stdout.write(`${sent} sent, ${taken()} taken; memory ${middle} MB in the middle, ${end} MB at the end\n`);
  return taken() === sent && end - (middle ?? end) <= mostGrowth;
}

/** smtp-source ends with another code when one message is not taken. */
async function send(): Promise<void> {
  const options = ['-s', values.sessions, '-m', String(messagesOfOneRun), '-l', '2048'];
  const source = spawn('smtp-source', [...options, '-f', 'a@x.test', '-t', 'b@y.test', `127.0.0.1:${port}`], {
    stdio: 'inherit',
  });
  const [code] = await once(source, 'exit');
  if (code !== 0) throw new Error(`smtp-source ended with ${code}`);
}

/** MB */
function residentMemory(): number {
  const status = readFileSync(`/proc/${server.pid}/status`, 'utf8');
  return Math.round(Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1024);
}

function startSink(path: string) {
  // Postfix's tools refuse to serve as root.
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  const child = spawn('smtp-sink', [...user, '-c', '-L', `unix:${path}`, '256'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let shown = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown = (shown + text).slice(-200);
  });
  return { sink: child, taken: () => Number([...shown.matchAll(/mesg=(\d+)\r/g)].at(-1)?.[1] ?? 0) };
}

async function reachable(): Promise<void> {
  for (;;) {
    if (server.exitCode !== null) throw new Error(`the server ended: ${server.log}`);
    try {
      const client = await WireClient.connect(port);
      await client.reply();
      client.destroy();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
