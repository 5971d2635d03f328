import type { QueuedMessage } from '../../runtime/queue/message.ts';
import type { LeaseRequest, NewMessage, QueueStore } from '../../runtime/queue/store.ts';

export const faultPoints = [
  'insert begins',
  'insert done',
  'update begins',
  'update done',
  'remove begins',
  'remove done',
  'lease done',
  'read done',
] as const;
export type FaultPoint = (typeof faultPoints)[number];

/** A store that tells what it is about to do and what it has done. The listener may end the process, or throw. */
export class FaultyStore implements QueueStore {
  readonly #store: QueueStore;
  readonly #at: (point: FaultPoint) => void;

  constructor(store: QueueStore, at: (point: FaultPoint) => void) {
    this.#store = store;
    this.#at = at;
  }

  get mayDeliver(): boolean {
    return this.#store.mayDeliver;
  }

  open(): Promise<void> {
    return this.#store.open();
  }

  insert(message: NewMessage, leased: boolean): Promise<number> {
    return this.#around('insert begins', 'insert done', () => this.#store.insert(message, leased));
  }

  async lease(request: LeaseRequest) {
    const leased = await this.#store.lease(request);
    if (leased.length > 0) this.#at('lease done');
    return leased;
  }

  nextDue(except: readonly string[]): Promise<number | null> {
    return this.#store.nextDue(except);
  }

  async read(key: number) {
    const content = await this.#store.read(key);
    this.#at('read done');
    return content;
  }

  update(key: number, message: QueuedMessage): Promise<void> {
    return this.#around('update begins', 'update done', () => this.#store.update(key, message));
  }

  remove(key: number): Promise<void> {
    return this.#around('remove begins', 'remove done', () => this.#store.remove(key));
  }

  release(key: number, due: number): Promise<void> {
    return this.#store.release(key, due);
  }

  count(): Promise<number> {
    return this.#store.count();
  }

  onChange(listener: () => void): void {
    this.#store.onChange(listener);
  }

  close(): Promise<void> {
    return this.#store.close();
  }

  async #around<T>(before: FaultPoint, behind: FaultPoint, work: () => Promise<T>): Promise<T> {
    this.#at(before);
    const result = await work();
    this.#at(behind);
    return result;
  }
}
