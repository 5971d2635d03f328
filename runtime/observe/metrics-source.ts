import type { PlatformFigures, ProcessFigures } from './exposition.ts';
import type { Metrics } from './metrics.ts';

/** Figures as text, of this process or of all that serve together. */
export interface MetricsSource {
  /** To be called before anything else. */
  prepare(): Promise<{ readonly contentType: string }>;
  expose(): Promise<string>;
}

/** The figures of one process. */
export class ProcessMetrics implements MetricsSource {
  readonly #metrics: Metrics;
  #platform: PlatformFigures | null = null;

  constructor(metrics: Metrics) {
    this.#metrics = metrics;
  }

  async prepare(): Promise<{ readonly contentType: string }> {
    const { PlatformFigures, contentType } = await import('./exposition.ts');
    this.#platform ??= new PlatformFigures();
    return { contentType };
  }

  async figures(): Promise<ProcessFigures> {
    return { samples: await this.#metrics.samples(), platform: (await this.#platform?.collect()) ?? [] };
  }

  async expose(): Promise<string> {
    const { exposeFigures } = await import('./exposition.ts');
    return exposeFigures([await this.figures()]);
  }
}
