import { AggregatorRegistry, Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { addSamples, metricDefinitions, type Sample } from './metrics.ts';

/** What one process tells about itself, as plain data. */
export interface ProcessFigures {
  readonly samples: readonly Sample[];
  /** Memory, CPU, event loop, garbage collection, in prom-client's form. */
  readonly platform: readonly object[];
}

/** maddy's own, to the letter: some collectors look at it. */
export const contentType = 'text/plain; version=0.0.4; charset=utf-8; escaping=underscores';

/** Figures of the platform, watched from now on. */
export class PlatformFigures {
  readonly #registry = new Registry();

  constructor() {
    collectDefaultMetrics({ register: this.#registry });
  }

  collect(): Promise<readonly object[]> {
    return this.#registry.getMetricsAsJSON();
  }
}

/** The text form of Prometheus, of one process or of several together. What has no value yet is left out, as in maddy. */
export async function exposeFigures(processes: readonly ProcessFigures[]): Promise<string> {
  const own = new Registry();
  const samples = addSamples(processes.flatMap((process) => process.samples));
  for (const name of [...new Set(samples.map((sample) => sample.name))].sort()) {
    const { kind, help, labels } = metricDefinitions[name];
    const options = { name, help, labelNames: [...labels], registers: [own] };
    const metric = kind === 'counter' ? new Counter(options) : new Gauge(options);
    for (const sample of samples) if (sample.name === name) metric.inc({ ...sample.labels }, sample.value);
  }
  const platform = AggregatorRegistry.aggregate(processes.map((process) => [...process.platform]));
  const parts = await Promise.all([own.metrics(), platform.metrics()]);
  return parts.filter((part) => part.trim() !== '').join('\n');
}
