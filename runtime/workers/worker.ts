import { directoriesOf } from '../directories.ts';
import { LoadError } from '../load-error.ts';
import type { LogOutput } from '../observe/output.ts';
import { optimizeEarly } from '../optimization.ts';
import { reasonOf } from '../reason-of.ts';
import { MailServer, type ServerOptions } from '../server.ts';
import { growYoungGeneration } from '../young-generation.ts';
import { isToWorker, type ToPrimary, type ToWorker } from './messages.ts';
import { PrimaryLink } from './primary-link.ts';

/** Counts that have not been told are lost when a worker crashes. */
const samplesEvery = 5_000;
/** The primary speaks for the manager and the terminal; a signal to all processes of a group is not meant for a worker. */
const signalsOfPrimary = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const;

/** Serves in the name of the primary that started this process, until that says stop or is gone. Gives the exit code. */
export async function serveAsWorker(options: ServerOptions): Promise<number> {
  const { output } = options;
  const ignore = (): void => {};
  for (const signal of signalsOfPrimary) process.on(signal, ignore);
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  const worker = new Worker(options, end);
  process.on('message', (message: unknown) => {
    if (isToWorker(message)) worker.receive(message);
  });
  await ended;
  await worker.stop();
  await output.flush();
  if (process.connected) process.disconnect();
  return 0;
}

class Worker {
  readonly #options: ServerOptions;
  readonly #output: LogOutput;
  readonly #end: () => void;
  readonly #link = new PrimaryLink(send);
  #server: MailServer | null = null;
  #generation = 0;
  #samples: NodeJS.Timeout | null = null;
  /** The start or reload that is under way. */
  #change: Promise<void> = Promise.resolve();

  constructor(options: ServerOptions, end: () => void) {
    this.#options = options;
    this.#output = options.output;
    this.#end = end;
  }

  receive(message: ToWorker): void {
    switch (message.kind) {
      case 'start':
        this.#change = this.#start(message).then(
          () => send({ kind: 'done', failure: null }),
          (error: unknown) => send({ kind: 'done', failure: startFailure(error) }),
        );
        break;
      case 'reload':
        this.#change = this.#reload(message);
        break;
      case 'rotate':
        this.#output.reopen();
        break;
      case 'stop':
        this.#end();
        break;
      case 'collect':
        void this.#server?.figures().then((figures) => send({ kind: 'figures', request: message.request, figures }));
        break;
      case 'permitted':
      case 'collected':
        this.#link.receive(message);
    }
  }

  async #start({
    plan,
    generation,
    leads,
    keepsQueues,
    inherited,
  }: Extract<ToWorker, { readonly kind: 'start' }>): Promise<void> {
    this.#generation = generation;
    const server = new MailServer({
      ...this.#options,
      inherited,
      role: {
        announces: leads ? 'loading' : 'nothing',
        keepsQueues,
        createLimits: (config, at) => this.#link.limits(`${this.#generation}/${at.join(':')}`, config),
        metricsSource: (own) => this.#link.metricsSource(own),
      },
    });
    this.#server = server;
    await server.start(plan);
    process.chdir(directoriesOf(plan).stateDir);
    optimizeEarly();
    growYoungGeneration();
    this.#samples = setInterval(() => {
      void server.samples().then((samples) => send({ kind: 'samples', samples }));
    }, samplesEvery).unref();
  }

  async #reload({ plan, generation, leads }: Extract<ToWorker, { readonly kind: 'reload' }>): Promise<void> {
    const server = this.#server;
    if (server === null) return;
    const old = this.#generation;
    this.#generation = generation;
    server.announce(leads ? 'loading' : 'nothing');
    const failure = await server.reload(
      async () => plan,
      () => send({ kind: 'retired', generation: old }),
    );
    if (failure === null) process.chdir(directoriesOf(plan).stateDir);
    else this.#generation = old;
    send({ kind: 'done', failure: failure === null ? null : reasonOf(failure) });
  }

  async stop(): Promise<void> {
    // What has not been started yet cannot be stopped.
    await this.#change;
    if (this.#samples !== null) clearInterval(this.#samples);
    await this.#server?.stop();
  }
}

/** The primary writes it for people when the server does not start. */
function startFailure(error: unknown): string {
  return error instanceof LoadError ? error.messages.join('\n       ') : reasonOf(error);
}

function send(message: ToPrimary): void {
  // Whom it was for may be gone; then this process ends, too.
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}
