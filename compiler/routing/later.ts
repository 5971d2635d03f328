/** A value that is at hand, or that comes later. Nobody must await what is at hand: a burst of replies leaves in one write. */
export type Answer<T> = T | Pending<T>;

/** A value that comes later. */
export type Pending<T> = Promise<T> | Later<T>;

export function isLater<T>(value: Answer<T>): value is Pending<T> {
  return value instanceof Later || value instanceof Promise;
}

/** Who waits for a value: told once, of it or of the error in its place. Must not throw. */
export interface Listener<T> {
  hear(value: T): void;
  hearError(error: unknown): void;
}

type Outcome<T> = { readonly value: T } | { readonly error: unknown };

/**
 * What a promise is, but who waits goes on in the moment when the value comes, not in a turn of its own: a message takes some
 * twenty steps that wait for its next server, and each turn costs more than the step.
 */
export class Later<T> implements PromiseLike<T>, Listener<T> {
  #outcome: Outcome<T> | null = null;
  #listener: Listener<T> | null = null;
  /** Nearly always there is but one. */
  #others: Listener<T>[] | null = null;
  /** Tells the system of an error that nobody hears. */
  #unheard: Promise<never> | null = null;

  /** The value has come. What comes a second time does not count. */
  hear(value: T): void {
    if (this.#outcome !== null) return;
    this.#outcome = { value };
    this.#listener?.hear(value);
    for (const listener of this.#others ?? []) listener.hear(value);
  }

  hearError(error: unknown): void {
    if (this.#outcome !== null) return;
    this.#outcome = { error };
    if (this.#listener === null) this.#unheard = Promise.reject(error);
    this.#listener?.hearError(error);
    for (const listener of this.#others ?? []) listener.hearError(error);
  }

  /** Tells the listener; in a turn of its own, when the value has come already. */
  tell(listener: Listener<T>): void {
    const outcome = this.#outcome;
    if (outcome !== null) {
      this.#unheard?.catch(() => {});
      Promise.resolve().then(() => {
        if ('error' in outcome) listener.hearError(outcome.error);
        else listener.hear(outcome.value);
      });
    } else if (this.#listener === null) this.#listener = listener;
    else {
      this.#others ??= [];
      this.#others.push(listener);
    }
  }

  /** What the step makes of the value, or of the error; without a step an error passes. */
  go<R>(done: (value: T) => Answer<R>, failed: ((error: unknown) => Answer<R>) | null): Later<R> {
    const next = new Later<R>();
    this.tell(new Step(done, failed, next));
    return next;
  }

  /** For `await` and all else that takes promises. */
  // biome-ignore lint/suspicious/noThenProperty: this is what it is made for
  then<R = T, F = never>(
    done?: ((value: T) => R | PromiseLike<R>) | null,
    failed?: ((error: unknown) => F | PromiseLike<F>) | null,
  ): Promise<R | F> {
    return new Promise<T>((resolve, reject) => this.tell({ hear: resolve, hearError: reject })).then(done, failed);
  }
}

/** One step of a chain. */
class Step<T, R> implements Listener<T> {
  readonly #done: (value: T) => Answer<R>;
  readonly #failed: ((error: unknown) => Answer<R>) | null;
  readonly #next: Later<R>;

  constructor(done: (value: T) => Answer<R>, failed: ((error: unknown) => Answer<R>) | null, next: Later<R>) {
    this.#done = done;
    this.#failed = failed;
    this.#next = next;
  }

  hear(value: T): void {
    take(this.#done, value, this.#next);
  }

  hearError(error: unknown): void {
    if (this.#failed === null) this.#next.hearError(error);
    else take(this.#failed, error, this.#next);
  }
}

/** What comes of the step is what `next` hears. */
function take<T, R>(step: (said: T) => Answer<R>, said: T, next: Later<R>): void {
  let answer: Answer<R>;
  try {
    answer = step(said);
  } catch (error) {
    next.hearError(error);
    return;
  }
  if (isLater(answer)) tell(answer, next);
  else next.hear(answer);
}

/** Tells the listener when the value has come. */
export function tell<T>(value: Pending<T>, listener: Listener<T>): void {
  if (value instanceof Later) value.tell(listener);
  else
    value.then(
      (kept) => listener.hear(kept),
      (error: unknown) => listener.hearError(error),
    );
}

/** Goes on with the value: at once when it is at hand. */
export function after<T, R>(value: Answer<T>, next: (value: T) => Answer<R>): Answer<R> {
  return isLater(value) ? afterwards(value, next, null) : next(value);
}

/** As `after`, for what comes later; `failed` goes on with an error, which passes without it. */
export function afterwards<T, R>(
  value: Pending<T>,
  done: (value: T) => Answer<R>,
  failed: ((error: unknown) => Answer<R>) | null,
): Pending<R> {
  return value instanceof Later ? value.go(done, failed) : value.then(done, failed);
}
