import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** A server with a queue in a process of its own (bench/queue-server.ts). */
export class QueueServer {
  readonly child: ChildProcess;
  /** Milliseconds from the start of the process until it listened. */
  readonly readyAfter: number;

  private constructor(child: ChildProcess, readyAfter: number) {
    this.child = child;
    this.readyAfter = readyAfter;
  }

  static async start(
    directory: string,
    port: number,
    sinkPort: number,
    store: readonly string[] = [],
  ): Promise<QueueServer> {
    mkdirSync(directory, { recursive: true });
    const started = performance.now();
    const args = [directory, String(port), String(sinkPort), ...store];
    const child = spawn(process.execPath, [join(import.meta.dirname, 'queue-server.ts'), ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
    if (String(line) !== 'ready\n') throw new Error('the server did not start');
    return new QueueServer(child, performance.now() - started);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  async stop(): Promise<void> {
    this.child.kill('SIGTERM');
    await once(this.child, 'exit');
  }
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
