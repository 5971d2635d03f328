import type { Counts } from './ledger.ts';

export interface FaultRun {
  readonly directory: string;
  /** Messages that are sent. */
  readonly messages: number;
  /** How often what can happen again and again does so. */
  readonly rounds: number;
  /** The program that serves; the sources unless something else is given. */
  readonly command?: readonly [string, ...string[]];
}

/** Something that goes wrong while a whole server takes mail and hands it on. */
export interface Fault {
  readonly name: string;
  readonly says: string;
  /** Why it cannot be had on this machine; null when it can. */
  readonly missing?: () => string | null;
  readonly run: (run: FaultRun) => Promise<Counts>;
}

/** Clients that send at the same time. */
export const clients = 8;
