import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Plan } from '../../compiler/index.ts';
import { textAt } from '../../compiler/routing/plan-values.ts';
import { asciiDomain, lookupDomain } from '../../compiler/text/domain.ts';
import { directoriesOf } from '../../runtime/directories.ts';
import {
  type AggregateReport,
  aggregateReports,
  periodOf,
  type Reporter,
  reportFileName,
  reportId,
  totalsOf,
} from '../../runtime/dmarc/report-data/aggregate-report.ts';
import {
  dayBefore,
  dayOf,
  ReportDatabase,
  reportDatabasePath,
} from '../../runtime/dmarc/report-data/report-database.ts';
import { reportXml } from '../../runtime/dmarc/report-data/report-xml.ts';
import { makeDirectory } from '../../runtime/make-directory.ts';
import { reasonOf } from '../../runtime/reason-of.ts';
import { type Invocation, UsageError } from '../command.ts';
import { table } from '../queue/show-text.ts';

/** `dmarc report`. `now`: Unix milliseconds. */
export function report(plan: Plan, invocation: Invocation, now: number): number {
  const { io, value, has } = invocation;
  const format = value('format') ?? 'text';
  const output = value('output');
  if (output !== undefined && has('format') && format !== 'xml') {
    throw new UsageError('files of --output are XML', 'leave --format out');
  }
  const isXml = format === 'xml' || output !== undefined;
  const day = chosenDay(value('day') ?? (isXml ? 'yesterday' : undefined), now);
  const reporter = reporterOf(plan, value('email'));
  const path = reportDatabasePath(directoriesOf(plan).stateDir);
  const database = ReportDatabase.openExisting(path);
  if (database === null) {
    const isOn = plan.globals.dmarc_report_data === true;
    io.stderr.write(
      isOn
        ? `Nothing has been counted yet: ${path} is not there.\n`
        : 'Verdicts of DMARC are not counted. To have them counted from now on, put this at the top level of the configuration:\n  dmarc_report_data yes\n',
    );
    return isOn ? 0 : 1;
  }
  try {
    const reports = aggregateReports(database.read({ day, domain: chosenDomain(value('domain')) }));
    if (output !== undefined) return writeFiles(reports, reporter, output, invocation);
    if (format === 'json') writeJson(reports, reporter, invocation);
    else if (format === 'xml') writeOne([...reports], reporter, invocation);
    else writeText(reports, invocation);
    return 0;
  } finally {
    database.close();
  }
}

function chosenDay(text: string | undefined, now: number): string | undefined {
  const today = dayOf(now);
  if (text === 'today') return today;
  if (text === 'yesterday') return dayBefore(today, 1);
  if (text === undefined) return undefined;
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || Number.isNaN(Date.parse(`${text}T00:00:00Z`))) {
    throw new UsageError(`--day ${text} is no day`, `for example ${today}, today or yesterday`);
  }
  return text;
}

function chosenDomain(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  return asciiDomain(lookupDomain(text) ?? text) ?? text;
}

function reporterOf({ globals }: Plan, email: string | undefined): Reporter {
  const named = textAt(globals, 'hostname') ?? 'localhost';
  const hostname = asciiDomain(named) ?? named;
  return { hostname, email: email ?? `postmaster@${hostname}` };
}

function writeFiles(
  reports: Iterable<AggregateReport>,
  reporter: Reporter,
  directory: string,
  { io }: Invocation,
): number {
  try {
    makeDirectory(directory, 0o777);
    for (const each of reports) {
      const path = join(directory, `${reportFileName(each, reporter)}.xml.gz`);
      writeFileSync(path, gzipSync(reportXml(each, reporter)));
      io.stdout.write(`${path}\t${each.published.rua.join(',')}\n`);
    }
    return 0;
  } catch (error) {
    io.stderr.write(`error: ${reasonOf(error)}\n`);
    return 1;
  }
}

function writeOne([first, ...others]: readonly AggregateReport[], reporter: Reporter, { io }: Invocation): void {
  if (others.length > 0) {
    throw new UsageError(
      `there are ${others.length + 1} reports, and XML holds one`,
      'choose with --domain and --day, or write them all with --output DIR',
    );
  }
  if (first === undefined) io.stderr.write('Nothing to report.\n');
  else io.stdout.write(reportXml(first, reporter));
}

function writeJson(reports: Iterable<AggregateReport>, reporter: Reporter, { io }: Invocation): void {
  const shown = Array.from(reports, (each) => ({
    id: reportId(each, reporter),
    day: each.day,
    ...periodOf(each),
    policy: each.published,
    ...totalsOf(each),
    rows: each.rows.map(({ observation: { published: _, ...rest }, count }) => ({ ...rest, count })),
  }));
  io.stdout.write(`${JSON.stringify({ reports: shown }, null, 2)}\n`);
}

const heading = ['day', 'domain', 'messages', 'passed', 'quarantined', 'rejected', 'reports to'];

function writeText(reports: Iterable<AggregateReport>, { io }: Invocation): void {
  const lines = Array.from(reports, (each) => {
    const { messages, passed, quarantined, rejected } = totalsOf(each);
    const numbers = [messages, passed, quarantined, rejected].map(String);
    return [each.day, each.published.domain, ...numbers, each.published.rua.join(' ') || '(nobody)'];
  });
  if (lines.length === 0) io.stderr.write('Nothing to report.\n');
  else io.stdout.write(table([heading, ...lines]));
}
