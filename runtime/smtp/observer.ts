import type { Reply } from '../module.ts';

/** Told of what figures are kept about the sessions of one endpoint. */
export interface SessionObserver {
  connected(): void;
  started(): void;
  completed(): void;
  aborted(): void;
  /** A limit was reached; not a refused command. */
  deferredByLimit(): void;
  refused(command: 'EHLO' | 'MAIL' | 'RCPT' | 'DATA', reply: Reply): void;
  failedLogin(): void;
}

const nothing = (): void => {};

export const noObserver: SessionObserver = {
  connected: nothing,
  started: nothing,
  completed: nothing,
  aborted: nothing,
  deferredByLimit: nothing,
  refused: nothing,
  failedLogin: nothing,
};
