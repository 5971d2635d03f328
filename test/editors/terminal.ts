import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from './programs.ts';
import { pause, until } from './stage.ts';

/** A terminal of its own, for editors that run in one: keys go in, and what a person would read comes out. */
export class Terminal {
  readonly #tmux: string;
  readonly #socket: string;
  readonly #pictures: string;

  /** Starts the command; what is on the screen is kept in the folder for pictures. */
  constructor(
    command: readonly string[],
    {
      env,
      pictures,
      scratch,
    }: { readonly env: NodeJS.ProcessEnv; readonly pictures: string; readonly scratch: string },
  ) {
    this.#tmux = findProgram('tmux');
    this.#socket = join(scratch, 'tmux');
    this.#pictures = pictures;
    const quoted = command.map((word) => `'${word}'`).join(' ');
    execFileSync(
      this.#tmux,
      ['-S', this.#socket, '-f', '/dev/null', 'new-session', '-d', '-x', '130', '-y', '40', quoted],
      { env: { ...env, TERM: 'xterm-256color' }, timeout: 20_000 },
    );
  }

  #do(...args: readonly string[]): string {
    return execFileSync(this.#tmux, ['-S', this.#socket, ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 20_000,
    });
  }

  close(): void {
    try {
      this.#do('kill-server');
    } catch {
      // It goes with the last program that runs in it.
    }
  }

  type(text: string): void {
    this.#do('send-keys', '-l', text);
  }

  /** Keys by tmux's names: `Enter`, `C-x`. */
  press(...keys: readonly string[]): void {
    this.#do('send-keys', ...keys);
  }

  /** A line of the editor's own command line, from whatever mode it is in. */
  async command(text: string): Promise<void> {
    this.press('Escape');
    // Escape and a key at once are another key.
    await pause(200);
    this.type(text);
    this.press('Enter');
  }

  screen(): string {
    return this.#do('capture-pane', '-p');
  }

  /** Waits until the words are on the screen, and gives the line that they are in. */
  async line(words: string): Promise<string> {
    const find = (): string | undefined =>
      this.screen()
        .split('\n')
        .find((line) => line.includes(words));
    try {
      return await until(`${JSON.stringify(words)} is on the screen`, async () => find(), 15);
    } catch (error) {
      throw new Error(`${(error as Error).message}:\n${this.screen()}`);
    }
  }

  /** Waits until what was typed has had its effect: nothing changes any more. */
  async settled(): Promise<void> {
    for (let before = '', now = this.screen(); now !== before; now = this.screen()) {
      before = now;
      await pause(250);
    }
  }

  keep(name: string): void {
    writeFileSync(join(this.#pictures, `${name}.txt`), this.screen());
  }
}
