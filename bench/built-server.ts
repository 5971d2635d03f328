import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePort } from './smtp-load.ts';

export interface BuiltServer {
  readonly child: ChildProcess;
  readonly port: number;
  /** Milliseconds from the start of the process to the first connection that it took. */
  readonly readyAfter: number;
}

const program = join(import.meta.dirname, '..', 'bin', 'maddyc.cjs');

/** What stands between the `smtp` endpoint and the LMTP socket: nothing, or rules and rewritings of recipients. */
export type Way = 'plain' | 'rules';

/** `maddyc run` of the built package: SMTP in, LMTP to `socket`, with log and trace field. */
export async function startBuiltServer(directory: string, socket: string, way: Way): Promise<BuiltServer> {
  const port = await freePort();
  return serveConfiguration(directory, port, configuration(directory, port, ways[way](socket)));
}

/** `maddyc run` of the built package; ready when it takes connections at the port. */
export async function serveConfiguration(directory: string, port: number, text: string): Promise<BuiltServer> {
  if (!existsSync(join(import.meta.dirname, '..', 'dist', 'cli.cjs'))) throw new Error('npm run build comes first');
  const path = join(directory, 'maddy.conf');
  writeFileSync(path, text);
  const started = performance.now();
  const child = spawn(process.execPath, [program, 'run', path, '-log', join(directory, 'log')], { stdio: 'inherit' });
  while (!(await accepts(port))) {
    if (child.exitCode !== null) throw new Error(`maddyc run ended with ${child.exitCode}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  return { child, port, readyAfter: performance.now() - started };
}

async function accepts(port: number): Promise<boolean> {
  const probe = connect({ port, host: '127.0.0.1' });
  try {
    await once(probe, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    probe.destroy();
  }
}

const ways: Readonly<Record<Way, (socket: string) => { readonly blocks: string; readonly endpoint: string }>> = {
  plain: (socket) => ({ blocks: '', endpoint: `    deliver_to lmtp unix://${socket}\n` }),
  rules: (socket) => ({
    blocks: `target.lmtp mailboxes {
    targets unix://${socket}
}
msgpipeline local {
    modify {
        replace_rcpt static {
            entry postmaster alice@example.org
        }
        replace_rcpt regexp "(.+)\\\\+(.+)@(.+)" "$1@$3"
    }
    deliver_to &mailboxes
}
`,
    endpoint: `    source spam.example {
        reject
    }
    default_source {
        destination example.org example.net localhost {
            deliver_to &local
        }
        default_destination {
            deliver_to &local
        }
    }
`,
  }),
};

function configuration(directory: string, port: number, { blocks, endpoint }: ReturnType<(typeof ways)[Way]>): string {
  return `state_dir ${directory}/state
runtime_dir ${directory}/run
hostname mx.example.org
tls off
${blocks}smtp tcp://127.0.0.1:${port} {
${endpoint}}
`;
}
