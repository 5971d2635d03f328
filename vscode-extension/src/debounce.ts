import { Disposable } from 'vscode';

/** Runs once nothing asked for it any more for so many milliseconds. */
export class Debounced extends Disposable {
  readonly #run: () => void;
  readonly #milliseconds: number;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(milliseconds: number, run: () => void) {
    super(() => clearTimeout(this.#timer));
    this.#run = run;
    this.#milliseconds = milliseconds;
  }

  ask(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#run, this.#milliseconds);
  }
}
