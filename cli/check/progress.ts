import type { Output } from '../io.ts';

/** A run that takes longer than this says how far it is. */
const PATIENCE = 500;
const INTERVAL = 100;

/** How far a long run is, in one line of a terminal; nothing elsewhere. */
export class Progress {
  readonly #output: Output;
  readonly #total: number;
  readonly #started = Date.now();
  #done = 0;
  #lastShown = 0;

  constructor(output: Output, total: number) {
    this.#output = output;
    this.#total = total;
  }

  step(name: string): void {
    this.#done += 1;
    const now = Date.now();
    if (now - this.#started < PATIENCE || now - this.#lastShown < INTERVAL || !this.#output.isTerminal) return;
    this.#lastShown = now;
    const line = `${this.#done} of ${this.#total}  ${name}`;
    this.#output.write(`\r\u001b[K${line.slice(0, Math.max(this.#output.columns - 1, 20))}`);
  }

  end(): void {
    if (this.#lastShown > 0) this.#output.write('\r\u001b[K');
  }
}
