import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const entry = join(import.meta.dirname, '..', '..', 'cli', 'entry.ts');

/** `maddyc run` as a process of its own. */
export class ServerProcess {
  readonly #child: ChildProcess;
  #log = '';
  #woken: () => void = () => {};

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#log += text;
      this.#woken();
    });
    child.on('close', () => this.#woken());
  }

  /** Starts it and waits for the line that says that every listener accepts; throws with the log when it ends instead. */
  static async start(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<ServerProcess> {
    const child = spawn(process.execPath, [entry, ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const server = new ServerProcess(child);
    await server.logged(/^server started\t/m);
    return server;
  }

  get log(): string {
    return this.#log;
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Waits until the log holds something. */
  async logged(what: RegExp): Promise<void> {
    while (!what.test(this.#log)) {
      if (this.#child.exitCode !== null) throw new Error(`the server ended (${this.#child.exitCode}):\n${this.#log}`);
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#woken = resolve;
      await promise;
    }
  }

  /** Asks it to stop and gives its exit code. */
  async stop(): Promise<number | null> {
    if (this.#child.exitCode === null) {
      const ended = once(this.#child, 'exit');
      this.#child.kill('SIGINT');
      await ended;
    }
    return this.#child.exitCode;
  }
}
