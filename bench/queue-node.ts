import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { type BuiltServer, serveConfiguration } from './built-server.ts';

/** The built server with a queue before target.smtp. */
export class QueueServer {
  readonly #server: BuiltServer;

  private constructor(server: BuiltServer) {
    this.#server = server;
  }

  /** `store`: a database that keeps the queue instead of a file. */
  static async start(directory: string, port: number, sinkPort: number, store: string | null = null) {
    mkdirSync(directory, { recursive: true });
    return new QueueServer(await serveConfiguration(directory, port, configuration(directory, port, sinkPort, store)));
  }

  get child(): ChildProcess {
    return this.#server.child;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Milliseconds from the start of the process until it listened. */
  get readyAfter(): number {
    return this.#server.readyAfter;
  }

  async stop(): Promise<void> {
    this.child.kill('SIGTERM');
    await once(this.child, 'exit');
  }
}

function configuration(directory: string, port: number, sinkPort: number, store: string | null): string {
  return `state_dir ${directory}/state
runtime_dir ${directory}/run
hostname mx.example.org
tls off
target.queue outbound {
    target smtp {
        targets tcp://127.0.0.1:${sinkPort}
        starttls no
    }
    ${store === null ? '' : `store ${store}`}
}
smtp tcp://127.0.0.1:${port} {
    deliver_to &outbound
}
`;
}

/** smtp-sink, which counts what it gets. */
export class CountingSink {
  readonly #child: ChildProcess;
  #received = 0;

  constructor(port: number) {
    const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
    this.#child = spawn('smtp-sink', [...user, '-c', `127.0.0.1:${port}`, '256'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#child.stdout?.on('data', (text: Buffer) => {
      const count = [...String(text).matchAll(/mesg=(\d+)/g)].at(-1)?.[1];
      if (count !== undefined) this.#received = Number(count);
    });
  }

  get received(): number {
    return this.#received;
  }

  async has(count: number): Promise<void> {
    while (this.#received < count) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  stop(): void {
    this.#child.kill();
  }
}
