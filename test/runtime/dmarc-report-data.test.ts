import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PublicSuffixSearch } from '../../runtime/dmarc/public-suffix-search.ts';
import { aggregateReports, reportFileName } from '../../runtime/dmarc/report-data/aggregate-report.ts';
import { type JudgedMessage, type Observation, observe } from '../../runtime/dmarc/report-data/observation.ts';
import { type CountedObservation, ReportDatabase } from '../../runtime/dmarc/report-data/report-database.ts';
import { ReportRecorder } from '../../runtime/dmarc/report-data/report-recorder.ts';
import { reportXml } from '../../runtime/dmarc/report-data/report-xml.ts';
import type { MethodResult } from '../../runtime/pipeline/authentication-results.ts';
import { decideDmarc, findDmarcPolicy } from '../../runtime/pipeline/dmarc.ts';
import { aggregateReportFaults } from '../kit/aggregate-report-schema.ts';
import { messageOf } from '../kit/message.ts';
import { knownResolver } from '../kit/resolver.ts';
import { recordingLog } from '../kit/session.ts';

const search = new PublicSuffixSearch(
  knownResolver({
    '_dmarc.half.com': { TXT: ['v=DMARC1; p=reject; pct=50; fo=1:d; rua= mailto:a@half.com , nonsense'] },
    '_dmarc.down.com': 'nobody answers',
  }),
);

async function judged(author: string, results: readonly MethodResult[], roll = 0): Promise<JudgedMessage> {
  const policy = await findDmarcPolicy(messageOf(`From: <a@${author}>\r\n\r\n`).header, search);
  const decision = await decideDmarc(policy, results, search, roll);
  return { policy, decision, results, source: '2001:db8::1', envelopeFrom: 'Bounce@Half.com' };
}
const dkim = (value: string, domain: string, selector = 's'): MethodResult => {
  return { method: 'dkim', value, reason: '', properties: { 'header.d': domain, 'header.i': `@${domain}` }, selector };
};
const spf = (value: string, from: string, helo = 'mx.half.com'): MethodResult => {
  return { method: 'spf', value, reason: '', properties: { 'smtp.helo': helo, 'smtp.mailfrom': from } };
};

describe('what is said about a message', () => {
  it('is what was decided, and what it was decided by', async () => {
    const results = [dkim('fail', 'half.com'), dkim('pass', 'list.test', 'Two'), spf('softfail', 'half.com')];
    expect(await observe(await judged('mail.half.com', results), search)).toEqual({
      published: {
        domain: 'half.com',
        adkim: 'r',
        aspf: 'r',
        p: 'reject',
        sp: 'reject',
        pct: 50,
        fo: '1:d',
        rua: ['mailto:a@half.com'],
      },
      source: '2001:db8::1',
      headerFrom: 'mail.half.com',
      envelopeFrom: 'half.com',
      disposition: 'reject',
      override: null,
      dkimAligned: false,
      spfAligned: false,
      results: [
        { method: 'dkim', domain: 'half.com', selector: 's', result: 'fail' },
        { method: 'dkim', domain: 'list.test', selector: 'two', result: 'pass' },
        { method: 'spf', domain: 'half.com', scope: 'mfrom', result: 'softfail' },
      ],
    });
  });

  it('tells of messages that pct= has spared, and of both methods where one was enough', async () => {
    const spared = await observe(await judged('half.com', [dkim('none', ''), spf('none', '')], 0.9), search);
    expect(spared).toMatchObject({ disposition: 'none', override: 'sampled_out' });
    expect(spared?.results).toEqual([{ method: 'spf', domain: 'mx.half.com', scope: 'helo', result: 'none' }]);
    const passed = await observe(
      await judged('half.com', [dkim('pass', 'half.com'), spf('pass', 'x.half.com')]),
      search,
    );
    expect(passed).toMatchObject({ disposition: 'none', override: null, dkimAligned: true, spfAligned: true });
  });

  it.each([
    ['no policy', 'nothing.com'],
    ['nobody knows', 'down.com'],
  ])('is nothing: %s', async (_, author) => {
    expect(await observe(await judged(author, [dkim('pass', author), spf('pass', author)]), search)).toBeNull();
  });

  it('has no place for names that no domain has', async () => {
    const long = `${'a'.repeat(300)}.com`;
    const results = [dkim('fail', long), dkim('fail', 'a\u0000b.com'), spf('fail', long)];
    expect((await observe(await judged('half.com', results), search))?.results).toEqual([]);
  });
});

describe('what is kept', () => {
  let path = '';
  beforeEach(() => {
    path = join(mkdtempSync(join(tmpdir(), 'maddyc-reports-')), 'reports.db');
  });
  afterEach(() => rmSync(join(path, '..'), { recursive: true }));

  const seen = (source: string, headerFrom = 'half.com'): Observation => {
    const published = {
      domain: 'half.com',
      adkim: 'r',
      aspf: 'r',
      p: 'none',
      sp: 'none',
      pct: 100,
      fo: '0',
      rua: [],
    } as const;
    const common = { disposition: 'none', override: null, dkimAligned: false, spfAligned: true } as const;
    return { ...common, published, source, headerFrom, envelopeFrom: '', results: [] };
  };
  const counted = (day: string, source: string, count = 1): CountedObservation => ({
    day,
    observation: seen(source),
    count,
  });
  const rows = (database: ReportDatabase): readonly string[] =>
    Array.from(database.read({}), ({ day, observation, count }) => `${day} ${observation.source} ${count}`);

  it('is added up, and goes after thirty days', () => {
    const database = ReportDatabase.open(path);
    const other = ReportDatabase.open(path);
    database.add([counted('2026-11-01', '192.0.2.1', 2), counted('2026-11-02', '192.0.2.1')], '2026-11-02');
    other.add([counted('2026-11-02', '192.0.2.1', 5), counted('2026-11-02', '192.0.2.2')], '2026-11-02');
    expect(rows(database)).toEqual(['2026-11-01 192.0.2.1 2', '2026-11-02 192.0.2.1 6', '2026-11-02 192.0.2.2 1']);
    expect(Array.from(database.read({ day: '2026-11-01', domain: 'half.com' }))).toHaveLength(1);
    expect(Array.from(database.read({ domain: 'other.com' }))).toEqual([]);
    other.add([], '2026-12-01');
    expect(rows(database)).toEqual(['2026-11-02 192.0.2.1 6', '2026-11-02 192.0.2.2 1']);
    database.close();
    other.close();
  });

  it('has a bound: the oldest days make room, today does not', () => {
    const database = ReportDatabase.open(path, 3);
    database.add([counted('2026-11-01', '192.0.2.1'), counted('2026-11-01', '192.0.2.2')], '2026-11-01');
    database.add([counted('2026-11-02', '192.0.2.1')], '2026-11-02');
    const many = ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4'].map((source) => counted('2026-11-02', source, 2));
    expect(database.add(many, '2026-11-02')).toBe(2);
    expect(rows(database)).toEqual(['2026-11-02 192.0.2.1 3', '2026-11-02 192.0.2.2 2', '2026-11-02 192.0.2.3 2']);
    database.close();
  });

  it('that cannot be kept is said, and mail goes on', async () => {
    writeFileSync(path, 'this is no database, and has never been one. '.repeat(100));
    const lines: string[] = [];
    const recorder = new ReportRecorder(path, search, recordingLog(lines));
    recorder.start();
    recorder.note(await judged('half.com', [dkim('none', ''), spf('none', '')]));
    await recorder.stop();
    expect(lines.join('\n')).toContain('verdicts of DMARC cannot be counted');
  });

  it('does not hold up the end of a server whose DNS is silent', async () => {
    const never = new Promise<never>(() => {});
    const silent = { policyOf: () => never, organizationOf: () => never };
    const recorder = new ReportRecorder(path, silent, recordingLog([]));
    recorder.start();
    for (let at = 0; at < 3; at++)
      recorder.note(await judged('half.com', [dkim('pass', 'other.com'), spf('pass', 'other.com')]));
    await recorder.stop();
    expect(ReportDatabase.openExisting(path)).toBeNull();
  });

  it('becomes reports that the schema of RFC 7489 allows, whatever the names', () => {
    const database = ReportDatabase.open(path);
    database.add(
      ['a<b>&"c', '../../etc/passwd', '\u{1F4A9}\uFFFE'].map((name) => {
        const observation = seen('2001:db8::1', name);
        return {
          day: '2026-11-02',
          count: 1,
          observation: { ...observation, published: { ...observation.published, domain: name } },
        };
      }),
      '2026-11-02',
    );
    const reporter = { hostname: 'mx.test', email: 'postmaster@mx.test' };
    const reports = [...aggregateReports(database.read({}))];
    expect(reports).toHaveLength(3);
    for (const report of reports) expect(aggregateReportFaults(reportXml(report, reporter))).toEqual([]);
    expect(reports.map((report) => reportFileName(report, reporter)).filter((name) => name.includes('/'))).toEqual([]);
    database.close();
  });

  it('is a report for each policy of a day', () => {
    const database = ReportDatabase.open(path);
    const observation = seen('192.0.2.1');
    const changed = { ...observation, published: { ...observation.published, p: 'reject' as const } };
    database.add(
      [
        counted('2026-11-02', '192.0.2.1'),
        { day: '2026-11-02', observation: changed, count: 1 },
        counted('2026-11-02', '192.0.2.9'),
      ],
      '2026-11-02',
    );
    const reports = [...aggregateReports(database.read({}))];
    expect(reports.map(({ published, number, rows: each }) => [published.p, number, each.length])).toEqual([
      ['none', 1, 2],
      ['reject', 2, 1],
    ]);
    database.close();
  });
});
