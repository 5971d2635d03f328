import type { DirectOutput } from './direct-output.ts';

/** Up to so many connections nobody gains by waiting. */
const fewConnections = 8;

/**
 * What many connections of one service say in one turn of the event loop leaves together at its end. Everything that has come is
 * read before; otherwise the first answer would wake its receiver, which goes to sleep again before the next one is ready, and on
 * a machine with few cores that costs more than to make the answers.
 */
export class OutputTurn {
  readonly #connections: () => number;
  #outputs: DirectOutput[] = [];

  /** `connections`: how many the service has now. */
  constructor(connections: () => number) {
    this.#connections = connections;
  }

  /** Whether an output should wait for the end of the turn. */
  get isShared(): boolean {
    return this.#connections() > fewConnections;
  }

  /** Calls `flush` of the output when the turn ends. */
  add(output: DirectOutput): void {
    if (this.#outputs.length === 0) setImmediate(this.#end);
    this.#outputs.push(output);
  }

  readonly #end = (): void => {
    const outputs = this.#outputs;
    this.#outputs = [];
    for (const output of outputs) output.flush();
  };
}
