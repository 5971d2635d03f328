import { type ChildProcess, spawn } from 'node:child_process';
import type { AuthRequest, AuthVerdict } from '../../module.ts';
import { endGroup } from '../process-group.ts';
import { WorkLimit } from './work-limit.ts';

/** Helper programs at a time, and logins that wait for one. */
const mostHelpers = 32;
const mostWaiting = 1_000;
const answerTimeout = 30_000;
/** Characters of what a helper says on standard error that are logged. */
const longestComplaint = 200;

/** A program that is started for each login with `USER LF PASSWORD LF` on standard input: exit code 0 accepts, 1 refuses. It has a process group of its own, which ends with it. */
export class AuthHelper {
  readonly #path: string;
  readonly #timeout: number;
  readonly #work = new WorkLimit(mostHelpers, mostWaiting);
  readonly #running = new Set<ChildProcess>();

  /** `timeout` in milliseconds. */
  constructor(path: string, timeout = answerTimeout) {
    this.#path = path;
    this.#timeout = timeout;
  }

  /** Ends what runs; who waits for it is told to try again later. */
  stop(): void {
    for (const child of this.#running) endGroup(child);
  }

  /** `account`: the name that the helper is asked about. */
  async ask(account: string, { password }: AuthRequest): Promise<AuthVerdict> {
    // Would be another line of the helper's input.
    if (/[\r\n\0]/.test(account + password)) {
      return { kind: 'refused', reason: 'user name or password has a line break or NUL' };
    }
    const verdict = await this.#work.run(() => this.#run(`${account}\n${password}\n`));
    return verdict ?? { kind: 'temporary', reason: 'too many logins at once' };
  }

  #run(input: string): Promise<AuthVerdict> {
    return new Promise((resolve) => {
      const temporary = (reason: string): void => resolve({ kind: 'temporary', reason: `${this.#path}: ${reason}` });
      const child = spawn(this.#path, [], {
        stdio: ['pipe', 'ignore', 'pipe'],
        detached: true,
      });
      this.#running.add(child);
      const timer = setTimeout(() => endGroup(child), this.#timeout);
      const ended = (): void => {
        clearTimeout(timer);
        this.#running.delete(child);
      };
      let complaint = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        complaint = (complaint + text).slice(0, longestComplaint);
      });
      // It may decide without reading.
      child.stdin.on('error', () => {});
      child.stdin.end(input);
      child.on('error', (error) => {
        ended();
        temporary(error.message);
      });
      child.on('close', (code, signal) => {
        ended();
        if (code === 0) resolve({ kind: 'accepted' });
        else if (code === 1) resolve({ kind: 'refused', reason: 'the helper refused the credentials' });
        else temporary([`ended with ${signal ?? code}`, complaint.trim()].filter((part) => part !== '').join(': '));
      });
    });
  }
}
