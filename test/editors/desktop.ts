import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { findPrograms } from './programs.ts';
import { pause, until } from './stage.ts';

/** A screen of its own, for editors with windows: X without a window manager, a keyboard, and pictures. */
export class Desktop {
  readonly display: string;
  readonly #screen: ChildProcess;
  readonly #xdotool: string;
  readonly #import: string;
  readonly #pictures: string;

  private constructor(screen: ChildProcess, display: string, pictures: string) {
    this.#screen = screen;
    this.display = display;
    this.#pictures = pictures;
    const { xdotool, import: take } = findPrograms(['xdotool', 'import']);
    this.#xdotool = xdotool;
    this.#import = take;
  }

  /** Pictures go to the folder. */
  static async open(pictures: string): Promise<Desktop> {
    const { Xvfb } = findPrograms(['Xvfb']);
    const screen = spawn(Xvfb, ['-displayfd', '3', '-screen', '0', '1280x900x24', '-nolisten', 'tcp', '-noreset'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    const [number]: unknown[] = await once(screen.stdio[3] as Readable, 'data', {
      signal: AbortSignal.timeout(20_000),
    });
    return new Desktop(screen, `:${String(number).trim()}`, pictures);
  }

  close(): void {
    this.#screen.kill();
  }

  #do(...args: readonly string[]): string {
    return execFileSync(this.#xdotool, args, {
      env: { ...process.env, DISPLAY: this.display },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 20_000,
    });
  }

  /** Identifiers of the windows that are shown, of those whose title begins like this; menus and hints have no title of their own. */
  windows(title = ''): readonly string[] {
    try {
      return this.#do('search', '--onlyvisible', '--name', `^${title}`).trim().split('\n');
    } catch {
      // xdotool finds none.
      return [];
    }
  }

  async window(title: string): Promise<string> {
    return await until(`a window ${title}`, async () => this.windows(title)[0]);
  }

  /** Without a window manager nothing gives a window the keyboard. */
  async focus(title: string): Promise<void> {
    this.#do('windowfocus', '--sync', await this.window(title));
    await pause(300);
  }

  async fill(title: string): Promise<void> {
    this.#do('windowsize', '--sync', await this.window(title), '1280', '900');
    await this.focus(title);
  }

  /** Keys by their X names, one after the other, with time for what they open. */
  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      this.#do('key', key);
      await pause(150);
    }
  }

  async repeat(key: string, times: number): Promise<void> {
    if (times > 0) this.#do('key', '--repeat', String(times), '--delay', '15', key);
    await pause(150);
  }

  async type(text: string): Promise<void> {
    this.#do('type', '--delay', '40', text);
    await pause(150);
  }

  picture(name: string): void {
    this.#capture(join(this.#pictures, `${name}.png`));
  }

  /** How many points of the screen have this colour, as `#RRGGBB`. */
  points(colour: string): number {
    const wanted = Buffer.from(colour.slice(1), 'hex');
    const points = this.#capture('rgb:-');
    let count = 0;
    for (let at = 0; at < points.length; at += 3) if (points.compare(wanted, 0, 3, at, at + 3) === 0) count += 1;
    return count;
  }

  #capture(target: string): Buffer {
    return execFileSync(this.#import, ['-display', this.display, '-window', 'root', '-depth', '8', target], {
      maxBuffer: 16 * 1024 * 1024,
      timeout: 20_000,
    });
  }
}
