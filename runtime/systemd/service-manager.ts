import { spawn } from 'node:child_process';
import { hrtime } from 'node:process';
import { isThisProcess, type LauncherEnvironment } from './this-process.ts';

/** Who started this process and wants to know how it fares (sd_notify(3)). */
export interface ServiceManager {
  ready(status: string): void;
  /** Followed by `ready`. */
  reloading(status: string): void;
  stopping(status: string): void;
  /** For failures to start. */
  status(text: string): void;
  /** Everything that was said has arrived, or cannot. */
  close(): Promise<void>;
}

const nobody: ServiceManager = {
  ready: () => {},
  reloading: () => {},
  stopping: () => {},
  status: () => {},
  close: () => Promise.resolve(),
};

export interface NotifyEnvironment extends LauncherEnvironment {
  readonly NOTIFY_SOCKET?: string | undefined;
  readonly WATCHDOG_USEC?: string | undefined;
  readonly WATCHDOG_PID?: string | undefined;
}

/** The manager that the environment names; without one nothing is told to anybody. */
export function serviceManager(env: NotifyEnvironment): ServiceManager {
  const { NOTIFY_SOCKET: socket, WATCHDOG_USEC: watchdog, WATCHDOG_PID: watched } = env;
  if (socket === undefined || socket === '') return nobody;
  const isWatched = watched === undefined || isThisProcess(watched, env);
  const period = isWatched && /^\d{1,15}$/.test(watchdog ?? '') ? Number(watchdog) / 1_000 : 0;
  return new Systemd(socket, period);
}

const longestNotification = 2_000;
/** Milliseconds for what has not been said when the process ends: a manager that does not listen must not keep it. */
const lastWords = 1_000;

/**
 * Tells systemd by its own tool: Node has no datagram sockets of the unix kind. The unit needs `NotifyAccess=all`, because the
 * tool is a process of its own.
 */
class Systemd implements ServiceManager {
  readonly #socket: string;
  readonly #watchdog: NodeJS.Timeout | null;
  /** One after another: states must not overtake each other. */
  #said = Promise.resolve();

  /** `watchdogPeriod`: milliseconds after which silence means death; 0 for never. */
  constructor(socket: string, watchdogPeriod: number) {
    this.#socket = socket;
    // Half of the time, as sd_watchdog_enabled(3) advises; a loop that hangs does not come here.
    this.#watchdog = watchdogPeriod > 0 ? setInterval(() => this.#say('WATCHDOG=1'), watchdogPeriod / 2).unref() : null;
  }

  ready(status: string): void {
    this.#say('READY=1', `STATUS=${status}`);
  }

  reloading(status: string): void {
    // Type=notify-reload tells by the time which reload is meant.
    this.#say('RELOADING=1', `MONOTONIC_USEC=${hrtime.bigint() / 1_000n}`, `STATUS=${status}`);
  }

  stopping(status: string): void {
    this.#say('STOPPING=1', `STATUS=${status}`);
  }

  status(text: string): void {
    this.#say(`STATUS=${text.replace(/[\r\n]+/g, ' ')}`);
  }

  async close(): Promise<void> {
    if (this.#watchdog !== null) clearInterval(this.#watchdog);
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, lastWords);
    await Promise.race([this.#said, promise]);
    clearTimeout(timer);
  }

  #say(...variables: readonly string[]): void {
    this.#said = this.#said.then(() => notify(this.#socket, variables));
  }
}

/** Never fails: a server does not stop because nobody hears how it fares. */
function notify(socket: string, variables: readonly string[]): Promise<void> {
  return new Promise((done) => {
    const tool = spawn('systemd-notify', [...variables], {
      stdio: 'ignore',
      env: { ...process.env, NOTIFY_SOCKET: socket },
      timeout: longestNotification,
    });
    tool.on('error', () => done());
    tool.on('close', () => done());
  });
}
