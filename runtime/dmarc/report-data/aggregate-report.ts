import type { Observation } from './observation.ts';
import type { PublishedPolicy } from './published-policy.ts';
import type { CountedObservation } from './report-database.ts';

/** What one domain is told about one day. A domain that has changed its policy on that day gets a report for each. */
export interface AggregateReport {
  readonly day: string;
  readonly published: PublishedPolicy;
  readonly rows: readonly { readonly observation: Observation; readonly count: number }[];
  /** Among the reports for this domain and day, from 1. */
  readonly number: number;
}

/** `counted` in the order in which the database gives it. */
export function* aggregateReports(counted: Iterable<CountedObservation>): Generator<AggregateReport> {
  let report: {
    day: string;
    published: PublishedPolicy;
    rows: { observation: Observation; count: number }[];
    number: number;
  } | null = null;
  for (const { day, observation, count } of counted) {
    const { published } = observation;
    const sameDomain: boolean = report !== null && report.day === day && report.published.domain === published.domain;
    if (report !== null && sameDomain && JSON.stringify(report.published) === JSON.stringify(published)) {
      report.rows.push({ observation, count });
      continue;
    }
    const number: number = report !== null && sameDomain ? report.number + 1 : 1;
    if (report !== null) yield report;
    report = { day, published, rows: [{ observation, count }], number };
  }
  if (report !== null) yield report;
}

/** First and last second of the day, Unix time. */
export function periodOf({ day }: Pick<AggregateReport, 'day'>): { readonly begin: number; readonly end: number } {
  const begin = Date.parse(`${day}T00:00:00Z`) / 1000;
  return { begin, end: begin + 86_399 };
}

/** Messages, and how many of them met which fate. */
export function totalsOf({ rows }: Pick<AggregateReport, 'rows'>) {
  const totals = { messages: 0, passed: 0, quarantined: 0, rejected: 0 };
  for (const { observation, count } of rows) {
    totals.messages += count;
    if (observation.dkimAligned || observation.spfAligned) totals.passed += count;
    if (observation.disposition === 'quarantine') totals.quarantined += count;
    if (observation.disposition === 'reject') totals.rejected += count;
  }
  return totals;
}

/** Who makes the report. */
export interface Reporter {
  readonly hostname: string;
  readonly email: string;
}

export function reportId({ day, published, number }: AggregateReport, { hostname }: Reporter): string {
  return `${day}.${number}.${published.domain}@${hostname}`;
}

/** As domains expect the file to be called (RFC 7489 section 7.2.1.1), without `.xml.gz`. */
export function reportFileName(report: AggregateReport, { hostname }: Reporter): string {
  const { begin, end } = periodOf(report);
  const parts = [hostname, report.published.domain, begin, end, ...(report.number === 1 ? [] : [report.number])];
  // Domains come from DNS: none of them may lead out of the directory.
  return parts.join('!').replace(/[^\w.!-]/g, '_');
}
