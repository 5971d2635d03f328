import { type ChildProcess, spawn } from 'node:child_process';
import { env } from 'node:process';
import { EventEmitter, type Pseudoterminal } from 'vscode';
import type { Program } from './own-program.ts';

const interrupt = '\x03';

/**
 * A program in a terminal, its output read from pipes: VS Code's own executable is no console program on Windows, and writes nothing
 * into a terminal there.
 */
export class PipeTerminal implements Pseudoterminal {
  readonly #writes = new EventEmitter<string>();
  readonly #closes = new EventEmitter<number>();
  readonly onDidWrite = this.#writes.event;
  readonly onDidClose = this.#closes.event;
  /** Resolves when the process has ended, with its exit code; null: it was told to, or never begun. */
  readonly ended: Promise<number | null>;
  readonly #start: () => ChildProcess;
  #child: ChildProcess | null = null;
  #settle = (_code: number | null): void => undefined;
  #isTold = false;

  constructor({ command, args, env: additional }: Program, own: readonly string[], cwd: string) {
    this.#start = () =>
      spawn(command, [...args, ...own], {
        cwd,
        env: { ...env, ...additional },
        stdio: ['ignore', 'pipe', 'pipe'],
        windowsHide: true,
      });
    this.ended = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  open(): void {
    const child = this.#start();
    this.#child = child;
    for (const output of [child.stdout, child.stderr]) {
      output?.setEncoding('utf8').on('data', (text: string) => this.#write(text));
    }
    child.once('error', ({ message }) => {
      this.#write(`${message}\n`);
      this.#end(1);
    });
    child.once('close', (code) => this.#end(code ?? 1));
  }

  /** The terminal is closed, or its task is stopped. */
  close(): void {
    this.#isTold = true;
    if (this.#child === null) this.#settle(null);
    else this.#child.kill();
  }

  handleInput(typed: string): void {
    if (!typed.includes(interrupt)) return;
    this.#isTold = true;
    this.#child?.kill('SIGINT');
  }

  #write(text: string): void {
    this.#writes.fire(text.replace(/\r?\n/g, '\r\n'));
  }

  #end(code: number): void {
    this.#settle(this.#isTold ? null : code);
    this.#closes.fire(code);
  }
}
