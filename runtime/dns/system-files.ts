import { readFile, stat } from 'node:fs/promises';
import { monotonicTime } from '../monotonic-time.ts';
import { type Hosts, readHosts } from './hosts-file.ts';
import { type ResolverSettings, readResolvConf, settingsForServer } from './name-servers.ts';
import type { ResolverSource } from './resolver.ts';

const resolvConf = '/etc/resolv.conf';
const hostsFile = '/etc/hosts';
/** A network that comes and goes rewrites these files; so long an old one may be used. */
const checkedEvery = 5_000;

/** What this system says about DNS, followed as it changes. */
export class SystemFiles implements ResolverSource {
  readonly #override: ResolverSettings | null;
  readonly #settings = new FollowedFile(resolvConf, readResolvConf);
  readonly #hosts = new FollowedFile(hostsFile, readHosts);

  constructor(server: string | null) {
    this.#override = server === null ? null : settingsForServer(server);
  }

  async settings(): Promise<ResolverSettings> {
    return this.#override ?? this.#settings.current();
  }

  async hosts(): Promise<Hosts> {
    // Also when a server is named: what the host itself knows is not asked (runtime-core 1).
    return this.#hosts.current();
  }
}

/** The meaning of a file, read again when it has changed. One that cannot be read means what an empty one means. */
class FollowedFile<Meaning> {
  readonly #path: string;
  readonly #read: (text: string) => Meaning;
  #current: Promise<Meaning> | null = null;
  #changed = Number.NaN;
  #checked = 0;

  constructor(path: string, read: (text: string) => Meaning) {
    this.#path = path;
    this.#read = read;
  }

  current(): Promise<Meaning> {
    const now = monotonicTime();
    if (this.#current === null || now - this.#checked >= checkedEvery) {
      this.#checked = now;
      this.#current = this.#load(this.#current);
    }
    return this.#current;
  }

  async #load(known: Promise<Meaning> | null): Promise<Meaning> {
    const changed = await stat(this.#path).then(
      ({ mtimeMs }) => mtimeMs,
      () => Number.NaN,
    );
    if (known !== null && Object.is(changed, this.#changed)) return known;
    this.#changed = changed;
    return this.#read(await readFile(this.#path, 'utf8').catch(() => ''));
  }
}
