import { delimiter } from 'node:path';
import type { Plan } from '../compiler/plan/plan.ts';
import { directoriesOf } from './directories.ts';
import { jsonForm, maddyForm } from './observe/line.ts';
import { createLogger } from './observe/line-logger.ts';
import { createOutput } from './observe/output.ts';
import { openTargets } from './observe/targets.ts';
import { MailServer } from './server.ts';

export interface ServeOptions {
  /** Reads the configuration and compiles it, at start and at each reload. What it throws is told to the user by its message. */
  readonly loadPlan: () => Promise<Plan>;
  /** `--log` */
  readonly logWords: readonly string[];
  /** `--log-format` */
  readonly logFormat: 'maddy' | 'json';
  readonly version: string;
  readonly debug: boolean;
  /** `--libexec`: where helper programs are looked for first. */
  readonly libexec: string;
  /** `-debug.dnsoverride` */
  readonly dnsServer: string | null;
  /** Called once, when every listener accepts. */
  readonly onReady?: () => void;
}

const now = (): Date => new Date();

const stopSignals = { SIGINT: 'interrupt', SIGTERM: 'terminated', SIGHUP: 'hangup' } as const;

/**
 * Runs a mail server until a signal ends it, and gives the exit code (runtime-core 2.2). Throws when it cannot start. The
 * process belongs to it: working directory, PATH and signal handlers are changed.
 */
export async function serve(options: ServeOptions): Promise<number> {
  const { loadPlan, logWords, logFormat, version, debug, libexec, dnsServer } = options;
  const output = createOutput(await openTargets(logWords), now, logFormat === 'json' ? jsonForm(now) : maddyForm);
  const log = createLogger({ output, name: '', debug });
  const server = new MailServer({ output, logWords, version, debug, dnsServer, libexecDir: libexec });
  process.env.PATH = [libexec, process.env.PATH ?? ''].join(delimiter);
  const { promise: stopAsked, resolve: askToStop } = Promise.withResolvers<void>();
  let isStopping = false;
  /** What signals asked for, one after another: none is lost while another is being obeyed (D17). */
  let work = Promise.resolve();

  const onStop = (signal: keyof typeof stopSignals): void => {
    log.message(`signal received (${stopSignals[signal]}), next signal will force immediate shutdown.`);
    if (isStopping) {
      log.message('forced shutdown due to signal (false)!');
      output.flushNow();
      process.exit(1);
    }
    isStopping = true;
    askToStop();
  };
  const onRotate = (): void => {
    log.message('signal received (user defined signal 1), rotating logs');
    output.reopen();
  };
  const onReload = (): void => {
    log.message('signal received (user defined signal 2), reloading configuration');
    work = work.then(async () => {
      if (isStopping) return;
      log.message('reloading server...');
      await server.reload(loadPlan);
    });
  };
  const handlers = { SIGINT: onStop, SIGTERM: onStop, SIGHUP: onStop, SIGUSR1: onRotate, SIGUSR2: onReload } as const;
  for (const [signal, handler] of Object.entries(handlers)) process.on(signal, handler);

  try {
    log.message('loading configuration...');
    const plan = await loadPlan();
    work = server.start(plan).then(() => process.chdir(directoriesOf(plan).stateDir));
    await work;
    output.flushNow();
    options.onReady?.();
    await stopAsked;
    log.message('server stopping...');
    await work;
    await server.stop();
    log.message('server stopped');
    return 0;
  } finally {
    await output.flush();
    for (const [signal, handler] of Object.entries(handlers)) process.off(signal, handler);
  }
}
