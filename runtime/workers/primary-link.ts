import { type Limits, limitReached } from '../limits/limits.ts';
import type { ProcessFigures } from '../observe/exposition.ts';
import type { MetricsSource, ProcessMetrics } from '../observe/metrics-source.ts';
import type { PermitRequest } from './limit-desk.ts';
import type { LimitsConfig, ToPrimary, ToWorker } from './messages.ts';

type Reply = Extract<ToWorker, { readonly request: number }>;

/** A worker's questions to the primary. */
export class PrimaryLink {
  readonly #send: (message: ToPrimary) => void;
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  #lastRequest = 0;

  constructor(send: (message: ToPrimary) => void) {
    this.#send = send;
  }

  receive(reply: Reply): void {
    this.#waiting.get(reply.request)?.(reply);
    this.#waiting.delete(reply.request);
  }

  /** The limits `key`, which the primary counts for all workers. */
  limits(key: string, config: LimitsConfig): Limits {
    // For the primary a destination is one more kind of domain.
    const ofDestinations: LimitsConfig = { all: [], ip: [], source: config.destination, destination: [] };
    return {
      take: (client, domain) => this.#permit({ key, config, client, domain }),
      takeDestination: (domain) =>
        this.#permit({ key: `${key}/destination`, config: ofDestinations, client: '', domain }),
    };
  }

  async #permit(wanted: Omit<PermitRequest, 'request'>): Promise<() => void> {
    const request = ++this.#lastRequest;
    const reply = await this.#ask({ kind: 'permit', request, ...wanted });
    if (reply.kind !== 'permitted' || !reply.granted) throw limitReached();
    let isHeld = true;
    return () => {
      if (isHeld) this.#send({ kind: 'release', request });
      isHeld = false;
    };
  }

  /** The figures of all workers. */
  metricsSource(own: ProcessMetrics): MetricsSource {
    return {
      prepare: () => own.prepare(),
      expose: async () => {
        const reply = await this.#ask({ kind: 'collect', request: ++this.#lastRequest });
        const processes: readonly ProcessFigures[] = reply.kind === 'collected' ? reply.processes : [];
        const { exposeFigures } = await import('../observe/exposition.ts');
        return exposeFigures(processes);
      },
    };
  }

  #ask(message: Extract<ToPrimary, { readonly request: number }>): Promise<Reply> {
    return new Promise((resolve) => {
      this.#waiting.set(message.request, resolve);
      this.#send(message);
    });
  }
}
