import { delimiter } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Plan } from '../compiler/plan/plan.ts';
import { collectGarbageSoon } from './collect-garbage.ts';
import { directoriesOf } from './directories.ts';
import { monotonicTime } from './monotonic-time.ts';
import { jsonForm, maddyForm } from './observe/line.ts';
import { createLogger } from './observe/line-logger.ts';
import type { Logger } from './observe/log.ts';
import { LoopMonitor } from './observe/loop-monitor.ts';
import { createOutput } from './observe/output.ts';
import { openTargets } from './observe/targets.ts';
import { optimizeEarly } from './optimization.ts';
import { reasonOf } from './reason-of.ts';
import type { Served } from './served.ts';
import { MailServer, type ServerOptions } from './server.ts';
import type { StandIns } from './stand-ins.ts';
import { type InheritedSocket, inheritedSockets } from './systemd/inherited-sockets.ts';
import { serviceManager } from './systemd/service-manager.ts';
import { isHandedOver } from './systemd/this-process.ts';
import { growYoungGeneration, holdYoungGeneration } from './young-generation.ts';

export interface ServeOptions {
  /** Reads the configuration and compiles it, at start and at each reload. What it throws is told to the user by its message. */
  readonly loadPlan: () => Promise<Plan>;
  /** `--log` */
  readonly logWords: readonly string[];
  /** `--log-format` */
  readonly logFormat?: 'maddy' | 'json';
  readonly version: string;
  readonly debug: boolean;
  /** `--libexec`: where helper programs are looked for first. */
  readonly libexec: string;
  /** `-debug.dnsoverride` */
  readonly dnsServer: string | null;
  /** `-debug.smtpport` */
  readonly mxPort?: number;
  /** Processes that share the work. */
  readonly workers?: number;
  /** Of a trial; one process then. */
  readonly standIns?: StandIns;
  /** Called once, when every listener accepts. */
  readonly onReady?: () => void;
}

const turnsForLastWords = 10;

const stopSignals = { SIGINT: 'interrupt', SIGTERM: 'terminated', SIGHUP: 'hangup' } as const;

/** Milliseconds in which a launcher passes a signal on, also on a busy machine. */
const launcherDelay = 1000;

/**
 * Runs a mail server until a signal ends it, and gives the exit code (runtime-core 2.2). Throws when it cannot start. The
 * process belongs to it: working directory, PATH and signal handlers are changed.
 */
export async function serve(options: ServeOptions): Promise<number> {
  const { loadPlan, logWords, logFormat, version, debug, libexec, dnsServer, mxPort, workers = 1 } = options;
  holdYoungGeneration();
  const isWorker = process.env.MADDYC_WORKER === '1' && process.send !== undefined;
  const output = createOutput(
    await openTargets(logWords, { shared: isWorker || workers > 1 }),
    Date.now,
    logFormat === 'json' ? jsonForm(Date.now) : maddyForm,
  );
  const log = createLogger({ output, name: '', debug });
  // Nobody waited for what failed: that is a mistake of ours, but no reason to end the sessions of everybody.
  const onRejection = (reason: unknown): void => log.error('an operation failed that nobody waited for', reason);
  process.on('unhandledRejection', onRejection);
  process.env.PATH = [libexec, process.env.PATH ?? ''].join(delimiter);
  const serverOptions = {
    output,
    logWords,
    version,
    debug,
    dnsServer,
    libexecDir: libexec,
    ...(mxPort !== undefined && { mxPort }),
    ...(options.standIns !== undefined && { standIns: options.standIns }),
  };
  if (isWorker) {
    const { serveAsWorker } = await import('./workers/worker.ts');
    return serveAsWorker(serverOptions);
  }
  const manager = serviceManager(process.env);
  const inherited = inheritedSockets(process.env);
  // They are meant for this process, not for programs that it starts.
  for (const name of ['NOTIFY_SOCKET', 'WATCHDOG_USEC', 'WATCHDOG_PID', 'LISTEN_FDS', 'LISTEN_PID'])
    delete process.env[name];
  const server = await createServed(workers, { ...serverOptions, inherited }, log);
  /** Programs that are started later, and relative paths, are found from the directory of the configuration that is served. */
  const enter = (plan: Plan): void => {
    // Workers go there themselves. Node's cluster removes a socket file by its way there from where the primary was when it came.
    if (workers <= 1) process.chdir(directoriesOf(plan).stateDir);
  };
  const monitor = new LoopMonitor({ log, workers });
  const { promise: stopAsked, resolve: askToStop } = Promise.withResolvers<void>();
  let isStopping = false;
  /** What signals asked for, one after another: none is lost while another is being obeyed (D17). */
  let work = Promise.resolve();

  let askedAt = Number.NEGATIVE_INFINITY;
  const onStop = (signal: keyof typeof stopSignals): void => {
    const now = monotonicTime();
    // Ctrl+C reaches the launcher as well, which passes it on.
    if (isHandedOver(process.env) && now - askedAt < launcherDelay) return;
    askedAt = now;
    log.message(`signal received (${stopSignals[signal]}), next signal will force immediate shutdown.`);
    if (isStopping) {
      log.message('forced shutdown due to signal (false)!');
      server.kill();
      output.flushNow();
      process.exit(1);
    }
    isStopping = true;
    askToStop();
  };
  const onRotate = (): void => {
    log.message('signal received (user defined signal 1), rotating logs');
    manager.reloading('Reopening logs...');
    output.reopen();
    server.rotate();
    manager.ready('Listening for incoming connections...');
  };
  const onReload = (): void => {
    log.message('signal received (user defined signal 2), reloading configuration');
    work = work.then(async () => {
      if (isStopping) return;
      log.message('reloading server...');
      manager.reloading('Reloading server...');
      await reload(server, loadPlan, enter);
      collectGarbageSoon();
      manager.ready('Configuration running.');
    });
  };
  const handlers = { SIGINT: onStop, SIGTERM: onStop, SIGHUP: onStop, SIGUSR1: onRotate, SIGUSR2: onReload } as const;
  for (const [signal, handler] of Object.entries(handlers)) process.on(signal, handler);

  try {
    log.message('loading configuration...');
    const plan = await loadPlan();
    work = server.start(plan).then(() => enter(plan));
    await work;
    output.flushNow();
    manager.ready('Configuration running.');
    monitor.start();
    optimizeEarly();
    growYoungGeneration();
    collectGarbageSoon();
    options.onReady?.();
    await stopAsked;
    monitor.stop();
    manager.stopping('Waiting for current configuration to stop...');
    log.message('server stopping...');
    await work;
    await server.stop();
    await lastWords();
    log.message('server stopped');
    // Harnesses take this line for the last one.
    await output.end();
    return 0;
  } catch (error) {
    manager.status(reasonOf(error));
    throw error;
  } finally {
    await Promise.all([output.flush(), manager.close()]);
    for (const [signal, handler] of Object.entries(handlers)) process.off(signal, handler);
    process.off('unhandledRejection', onRejection);
  }
}

/** What was given up when its connection was taken away says so in one of the next turns. */
async function lastWords(): Promise<void> {
  for (let turn = 0; turn < turnsForLastWords; turn += 1) await setImmediate();
}

/** `enter` gets the plan that is served then, if it is another. */
async function reload(server: Served, loadPlan: () => Promise<Plan>, enter: (plan: Plan) => void): Promise<void> {
  const loaded: Plan[] = [];
  const failure = await server.reload(async () => {
    const plan = await loadPlan();
    loaded.push(plan);
    return plan;
  });
  const [plan] = loaded;
  if (failure === null && plan !== undefined) enter(plan);
}

/** Code of other processes is loaded only where there are any. */
async function createServed(
  count: number,
  server: ServerOptions & { readonly inherited: readonly InheritedSocket[] },
  log: Logger,
): Promise<Served> {
  if (count <= 1) return new MailServer(server);
  const { WorkerGroup } = await import('./workers/worker-group.ts');
  const { output, logWords, version, inherited } = server;
  return new WorkerGroup({ count, output, logWords, log, version, inherited });
}
