import type { Eventually } from '../module.ts';

/** Everything that is counted: names of maddy's (runtime-core 18), and ours, which begin with `maddyc_`. */
export const metricDefinitions = {
  maddy_smtp_started_transactions: {
    kind: 'counter',
    help: 'Amount of SMTP transactions started',
    labels: ['module'],
  },
  maddy_smtp_smtp_completed_transactions: {
    kind: 'counter',
    help: 'Amount of SMTP transactions that ended with accepted mail',
    labels: ['module'],
  },
  maddy_smtp_aborted_transactions: {
    kind: 'counter',
    help: 'Amount of SMTP transactions aborted',
    labels: ['module'],
  },
  maddy_smtp_ratelimit_deferred: {
    kind: 'counter',
    help: 'Messages put off because a limit was reached',
    labels: ['module'],
  },
  maddy_smtp_failed_logins: { kind: 'counter', help: 'AUTH commands that failed', labels: ['module'] },
  maddy_smtp_failed_commands: {
    kind: 'counter',
    help: 'Failed transaction commands (MAIL, RCPT, DATA)',
    labels: ['command', 'module', 'smtp_code', 'smtp_enchcode'],
  },
  maddy_check_reject: { kind: 'counter', help: 'Messages and recipients that a check refused', labels: ['check'] },
  maddy_check_quarantined: { kind: 'counter', help: 'Messages that a check quarantined', labels: ['check'] },
  maddy_queue_length: { kind: 'gauge', help: 'Messages in the queue', labels: ['location', 'module'] },
  maddy_remote_conns_mx_level: {
    kind: 'counter',
    help: 'Outgoing connections by how far the MX record could be trusted',
    labels: ['level', 'module'],
  },
  maddy_remote_conns_tls_level: {
    kind: 'counter',
    help: 'Outgoing connections by how far TLS could be trusted',
    labels: ['level', 'module'],
  },
  maddyc_remote_tls_results: {
    kind: 'counter',
    help: 'What TLS with other servers came to, by policy (RFC 8460)',
    labels: ['policy', 'result'],
  },
  maddyc_worker_restarts: { kind: 'counter', help: 'Workers that ended and were started again', labels: [] },
  maddyc_connections: { kind: 'counter', help: 'Connections that were accepted', labels: ['module'] },
  maddyc_open_sessions: { kind: 'gauge', help: 'Sessions that are open now', labels: ['module'] },
  maddyc_downstream_connections: {
    kind: 'gauge',
    help: 'Connections to the servers that mail is handed on to',
    labels: ['state', 'target'],
  },
} as const satisfies Readonly<Record<string, MetricDefinition>>;

export interface MetricDefinition {
  readonly kind: 'counter' | 'gauge';
  readonly help: string;
  /** In the order of their names. */
  readonly labels: readonly string[];
}

export type MetricName = keyof typeof metricDefinitions;
type NamesOf<Kind> = {
  [Name in MetricName]: (typeof metricDefinitions)[Name]['kind'] extends Kind ? Name : never;
}[MetricName];
type LabelsOf<Name extends MetricName> = {
  readonly [Label in (typeof metricDefinitions)[Name]['labels'][number]]: string;
};

/** One value; plain data, so that processes can tell each other. */
export interface Sample {
  readonly name: MetricName;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

interface Count {
  readonly labels: Readonly<Record<string, string>>;
  value: number;
}

/** The figures of one process. They outlive configurations; counting costs an addition. */
export class Metrics {
  readonly #counts = new Map<NamesOf<'counter'>, Map<string, Count>>();
  readonly #gauges = new Set<{
    readonly name: NamesOf<'gauge'>;
    readonly labels: Readonly<Record<string, string>>;
    readonly read: () => Eventually<number>;
  }>();

  /** Counts one. */
  count<Name extends NamesOf<'counter'>>(name: Name, labels: LabelsOf<Name>): void {
    this.#countOf(name, labels).value++;
  }

  /** Counts one each time it is called: for what happens with every message. */
  counter<Name extends NamesOf<'counter'>>(name: Name, labels: LabelsOf<Name>): () => void {
    // What has never happened is not shown.
    let count: Count | null = null;
    return () => {
      count ??= this.#countOf(name, labels);
      count.value++;
    };
  }

  #countOf<Name extends NamesOf<'counter'>>(name: Name, labels: LabelsOf<Name>): Count {
    const ordered = inOrder(name, labels);
    const key = Object.values(ordered).join('\0');
    const known = this.#counts.get(name) ?? new Map<string, Count>();
    const count = known.get(key) ?? { labels: ordered, value: 0 };
    known.set(key, count);
    this.#counts.set(name, known);
    return count;
  }

  /** A value that is read when somebody asks for it, until the function that comes back is called. */
  gauge<Name extends NamesOf<'gauge'>>(name: Name, labels: LabelsOf<Name>, read: () => Eventually<number>): () => void {
    const gauge = { name, labels: inOrder(name, labels), read };
    this.#gauges.add(gauge);
    return () => void this.#gauges.delete(gauge);
  }

  /** A gauge that cannot be read is left out. */
  async samples(): Promise<readonly Sample[]> {
    const counted = [...this.#counts].flatMap(([name, counts]) =>
      [...counts.values()].map(({ labels, value }): Sample => ({ name, labels, value })),
    );
    const read = await Promise.all(
      [...this.#gauges].map(async ({ name, labels, read }): Promise<readonly Sample[]> => {
        try {
          return [{ name, labels, value: await read() }];
        } catch {
          return [];
        }
      }),
    );
    return addSamples([...counted, ...read.flat()]);
  }
}

/** Values with the same name and labels as one: of several configurations, or of several processes. */
export function addSamples(samples: readonly Sample[]): readonly Sample[] {
  const sums = new Map<string, Sample>();
  for (const sample of samples) {
    const key = [sample.name, ...Object.values(sample.labels)].join('\0');
    const known = sums.get(key);
    sums.set(key, known === undefined ? sample : { ...known, value: together(sample.name, known.value, sample.value) });
  }
  return [...sums.values()];
}

function together(name: MetricName, one: number, other: number): number {
  // Whoever looks at the same queue counts the same messages.
  return name === 'maddy_queue_length' ? Math.max(one, other) : one + other;
}

function inOrder(name: MetricName, labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(metricDefinitions[name].labels.map((label) => [label, labels[label] ?? '']));
}
