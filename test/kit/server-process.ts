import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const entry = join(import.meta.dirname, '..', '..', 'cli', 'entry.ts');

export interface Launch {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** What is started; `maddyc` from the sources unless something else is given. */
  readonly command?: readonly [string, ...string[]];
}

/** `maddyc run` as a process of its own. */
export class ServerProcess {
  readonly #child: ChildProcess;
  #log = '';
  #output = '';
  /** Resumed when anything happens. */
  readonly #waiting = new Set<() => void>();
  /** With all that it had to say. */
  readonly #gone: Promise<unknown>;

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#gone = once(child, 'close');
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#log += text;
      this.#woken();
    });
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#output += text;
      this.#woken();
    });
    child.on('close', () => this.#woken());
  }

  /** Starts it and waits for the line that says that every listener accepts; throws with the log when it ends instead. */
  static async start(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<ServerProcess> {
    const server = ServerProcess.launch(args, { env });
    await server.logged(/^server started\t/m);
    return server;
  }

  /** Starts it and waits for nothing. */
  static launch(
    args: readonly string[],
    { env = {}, cwd, command = [process.execPath, entry] }: Launch = {},
  ): ServerProcess {
    const [program, ...first] = command;
    return new ServerProcess(
      spawn(program, [...first, ...args], {
        cwd,
        env: { ...process.env, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
  }

  get exitCode(): number | null {
    return this.#child.exitCode;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get log(): string {
    return this.#log;
  }

  /** Of standard output. */
  get output(): string {
    return this.#output;
  }

  #woken(): void {
    for (const resume of this.#waiting) resume();
    this.#waiting.clear();
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Waits until the log holds something. */
  logged(what: RegExp): Promise<void> {
    return this.#until(() => what.test(this.#log));
  }

  /** Waits until standard output holds something. */
  printed(what: RegExp): Promise<void> {
    return this.#until(() => what.test(this.#output));
  }

  async #until(isThere: () => boolean): Promise<void> {
    while (!isThere()) {
      if (this.#child.exitCode !== null) throw new Error(`the server ended (${this.#child.exitCode}):\n${this.#log}`);
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#waiting.add(resolve);
      await promise;
    }
  }

  /** Asks it to stop and gives its exit code; null when a signal ended it. */
  async stop(): Promise<number | null> {
    if (this.#child.exitCode === null) this.#child.kill('SIGINT');
    return this.ended();
  }

  /** Waits for its end and gives its exit code; null when a signal ended it. */
  async ended(): Promise<number | null> {
    await this.#gone;
    return this.#child.exitCode;
  }
}
