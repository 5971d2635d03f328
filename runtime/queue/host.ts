import { bodyOf } from './content.ts';
import type { Dispatcher, FreshContent } from './dispatcher.ts';
import type { NewMessage, QueueStore } from './store.ts';

/**
 * A store and who delivers from it. A reload brings a new dispatcher while sessions of the old configuration still put mail in: all
 * of it goes to the newest.
 */
export class QueueHost {
  readonly store: QueueStore;
  readonly #onError: (error: unknown) => void;
  /** The last one dispatches. */
  readonly #dispatchers: Dispatcher[] = [];

  constructor(store: QueueStore, onError: (error: unknown) => void) {
    this.store = store;
    this.#onError = onError;
    store.onChange(() => this.notice(Number.NEGATIVE_INFINITY));
    store.onLeasesLost?.(() => this.#current?.forget());
  }

  /** Done when the message is safe. */
  readonly accept = async (message: NewMessage, fresh: FreshContent): Promise<void> => {
    const isWanted = this.#current?.hasRoom(message.destination) ?? false;
    // What the endpoint holds of the body goes away after the answer; small ones stay for the first attempt.
    const kept = isWanted ? await keepSmall(message.body) : null;
    const key = await this.store.insert(kept === null ? message : { ...message, body: kept }, kept !== null);
    const { destination, message: queued } = message;
    if (kept === null) this.notice(queued.nextAttemptAt);
    else if (this.#current !== undefined) {
      this.#current.offer({ key, message: queued, destination, fresh: { ...fresh, body: kept } });
    } else await this.store.release(key, queued.nextAttemptAt);
  };

  /** Something in the store is due then (Unix ms). */
  notice(due: number): void {
    this.#current?.notice(due);
  }

  /** From now on this one dispatches. */
  attach(dispatcher: Dispatcher): void {
    const waiting = this.#current?.pause() ?? [];
    this.#dispatchers.push(dispatcher);
    dispatcher.start();
    for (const ready of waiting) dispatcher.offer(ready);
  }

  /** It dispatches no more; the one before goes on, if it is still there. */
  detach(dispatcher: Dispatcher): void {
    const waiting = dispatcher.pause();
    const at = this.#dispatchers.indexOf(dispatcher);
    if (at === -1) return;
    this.#dispatchers.splice(at, 1);
    const { store } = this;
    const next = this.#current;
    for (const ready of waiting) {
      if (next === undefined) store.release(ready.key, Date.now()).catch(this.#onError);
      else next.offer(ready);
    }
    if (at === this.#dispatchers.length) next?.start();
  }

  get #current(): Dispatcher | undefined {
    return this.#dispatchers.at(-1);
  }
}

/** Larger bodies are read from the store. */
const largestKept = 1_048_576;

async function keepSmall(body: NewMessage['body']): Promise<NewMessage['body'] | null> {
  if (body.size > largestKept) return null;
  const pieces: Buffer[] = [];
  for await (const piece of body.chunks()) pieces.push(piece);
  return bodyOf(pieces);
}
