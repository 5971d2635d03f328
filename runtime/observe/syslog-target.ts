import { type ChildProcess, spawn } from 'node:child_process';
import { Socket } from 'node:net';
import type { LogTarget } from './targets.ts';

/** Facility and severities of RFC 5424 section 6.2.1. */
const mailFacility = 2;
const severity = { info: 6, debug: 7 } as const;

/** Node has no datagram sockets on paths, so lines go through util-linux' `logger`, which has. */
export class SyslogTarget implements LogTarget {
  readonly timestamps = false;
  #child: ChildProcess | null = null;
  #kept: string[] = [];

  append(line: string, debug: boolean): void {
    this.#kept.push(`<${mailFacility * 8 + severity[debug ? 'debug' : 'info']}>${line}`);
  }

  write(): void {
    const lines = this.#kept.join('');
    this.#kept = [];
    if (lines !== '') this.#running().stdin?.write(lines);
  }

  /** Started with the first line, and again when it has gone away. */
  #running(): ChildProcess {
    if (this.#child !== null) return this.#child;
    const child = spawn('logger', ['--tag', 'maddy', '--prio-prefix'], { stdio: ['pipe', 'ignore', 'ignore'] });
    const gone = (): void => {
      if (this.#child === child) this.#child = null;
    };
    child.on('error', gone).on('exit', gone);
    child.stdin.on('error', gone);
    // The process ends when its work is done, whoever still reads its log.
    child.unref();
    if (child.stdin instanceof Socket) child.stdin.unref();
    this.#child = child;
    return child;
  }

  writeNow(): void {
    this.write();
  }

  async drain(): Promise<void> {
    this.write();
    const stdin = this.#child?.stdin;
    if (!stdin || stdin.writableLength === 0) return;
    await new Promise<void>((resolve) => stdin.once('drain', resolve).once('close', resolve));
  }

  reopen(): void {}

  close(): void {
    this.#child?.stdin?.end();
    this.#child = null;
  }
}
