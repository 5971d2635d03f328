import { Worker } from 'node:worker_threads';
import { QueueStoreFull } from '../store.ts';
import type { NumberedRequest, StoreAnswer, StoreRequest, StoreResult } from './protocol.ts';

type ResultKind = StoreResult['kind'];
type ResultOf<K extends ResultKind> = Extract<StoreResult, { readonly kind: K }>;

interface OpenQuestion {
  readonly done: (result: StoreResult) => void;
  readonly failed: (error: unknown) => void;
}

/** In the sources the thread's code lies beside this file, in the built package beside the bundle. */
const workerFile = import.meta.url.endsWith('.ts') ? './worker.ts' : './queue-worker.mjs';

/** Questions to the thread that owns the database, and its answers. */
export class StoreWorker {
  readonly #worker: Worker;
  readonly #open = new Map<number, OpenQuestion>();
  #numbers = 0;
  #ended: Error | null = null;

  constructor(onChange: () => void) {
    this.#worker = new Worker(new URL(workerFile, import.meta.url));
    this.#worker.on('message', (answer: StoreAnswer) => {
      if ('changed' in answer) {
        onChange();
        return;
      }
      const question = this.#open.get(answer.number);
      this.#open.delete(answer.number);
      if ('result' in answer) question?.done(answer.result);
      else question?.failed(answer.isFull ? new QueueStoreFull(answer.error) : new Error(answer.error));
    });
    this.#worker.on('error', (error) => this.#end(error instanceof Error ? error : new Error(String(error))));
    this.#worker.on('exit', () => this.#end(new Error('the queue has ended')));
  }

  async ask<K extends ResultKind>(
    wanted: K,
    request: StoreRequest,
    transfer: ArrayBuffer[] = [],
  ): Promise<ResultOf<K>> {
    const result = await this.#send(request, transfer);
    if (isOfKind(result, wanted)) return result;
    throw new Error(`the queue answered ${request.ask} with ${result.kind}`);
  }

  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }

  #send(request: StoreRequest, transfer: ArrayBuffer[]): Promise<StoreResult> {
    if (this.#ended !== null) return Promise.reject(this.#ended);
    const number = ++this.#numbers;
    const message: NumberedRequest = { number, request };
    return new Promise((done, failed) => {
      this.#open.set(number, { done, failed });
      this.#worker.postMessage(message, transfer);
    });
  }

  #end(error: Error): void {
    this.#ended ??= error;
    for (const { failed } of this.#open.values()) failed(error);
    this.#open.clear();
  }
}

function isOfKind<K extends ResultKind>(result: StoreResult, kind: K): result is ResultOf<K> {
  return result.kind === kind;
}
