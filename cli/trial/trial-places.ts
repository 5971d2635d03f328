import { basename, join } from 'node:path';
import type { TrialListener } from '../../compiler/trial/trial-listeners.ts';
import { fileName } from '../../compiler/trial/trial-plan.ts';
import { freePort } from './free-port.ts';

/** Ports of services are found again by their last digits. */
const distance = 10_000;
const highestPort = 65_535;
/** What fits into `sun_path` everywhere, its final NUL included. */
const longestSocketPath = 104;

/** Where a trial listens instead; an address keeps its place for as long as the trial lasts. */
export class TrialPlaces {
  readonly #runtimeDir: string;
  readonly #places = new Map<string, string>();

  constructor(runtimeDir: string) {
    this.#runtimeDir = runtimeDir;
  }

  /** Finds places for those that have none yet. */
  async assign(listeners: readonly TrialListener[]): Promise<void> {
    const byService = new Map<string, string>();
    for (const listener of listeners) {
      const key = keyOf(listener);
      const place = this.#places.get(key) ?? byService.get(listener.service) ?? (await this.#find(listener));
      this.#places.set(key, place);
      byService.set(listener.service, place);
    }
  }

  /** All places have to be found anew. */
  forget(): void {
    this.#places.clear();
  }

  /** In the form of a configuration; sockets relative to the runtime directory. */
  readonly placeOf = (listener: TrialListener): string => {
    const place = this.#places.get(keyOf(listener));
    if (place === undefined) throw new Error(`no place for ${listener.configured}`);
    return place;
  };

  /** With the whole path of a socket, for people. */
  shownPlaceOf(listener: TrialListener): string {
    const place = this.placeOf(listener);
    return listener.wanted.network === 'unix' ? `unix://${this.#socketPath(place)}` : place;
  }

  #socketPath(place: string): string {
    return join(this.#runtimeDir, place.replace(/^unix:\/\//, ''));
  }

  async #find({ wanted, tls, configured }: TrialListener): Promise<string> {
    const taken = new Set(this.#places.values());
    if (wanted.network === 'tcp') {
      const scheme = configured.startsWith('tls:') || tls === 'implicit' ? 'tls' : 'tcp';
      const first = wanted.port === 0 || wanted.port + distance > highestPort ? 0 : wanted.port + distance;
      const isTaken = [...taken].some((place) => place.endsWith(`:${first}`));
      return `${scheme}://127.0.0.1:${await freePort(isTaken ? 0 : first)}`;
    }
    const name = fileName(basename(wanted.path));
    for (let number = 1; ; number += 1) {
      const place = `unix://${name}${number === 1 ? '' : `-${number}`}`;
      if (taken.has(place)) continue;
      const path = this.#socketPath(place);
      if (Buffer.byteLength(path) < longestSocketPath) return place;
      throw new Error(`${path}: too long for a socket; name a shorter directory with --trial-dir`);
    }
  }
}

function keyOf({ name, configured }: TrialListener): string {
  return `${name} ${configured}`;
}
