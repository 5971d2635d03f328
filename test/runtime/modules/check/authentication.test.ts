import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Zone, Zones } from '../../../kit/dns-server.ts';
import { ServerWithMaildir } from '../../../kit/mail-server.ts';

interface Case {
  readonly mail_from: string;
  readonly note: string;
  readonly failing_reply: string | null;
  readonly header_added?: string;
}

interface Run {
  readonly name: string;
  readonly extra_directive: string;
  readonly cases: readonly Case[];
}

interface Recorded {
  readonly zones: Readonly<Record<string, string | readonly string[]>>;
  readonly runs: readonly Run[];
}

const samples = new URL('../../../vectors/mta-samples/', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, samples), 'latin1');
const recorded: Recorded = JSON.parse(read('auth-results-observed.json'));
const rsa = read('dkim-rsa.eml');

const zones: Zones = Object.fromEntries(
  Object.entries(recorded.zones)
    .filter(([, records]) => records !== 'NXDOMAIN')
    .map(([name, records]) => [`${name}.`, zoneOf(records)]),
);

function zoneOf(records: string | readonly string[]): Zone {
  if (typeof records !== 'string') return { TXT: records };
  const file = /^\((.*\.txt)\)$/.exec(records)?.[1];
  if (file !== undefined) return { TXT: [read(file).trim()] };
  return records === 'SERVFAIL' ? { err: true } : records.startsWith('(') ? {} : { TXT: [records] };
}

/** What the note of a recorded case stands for. */
function contentOf({ note, mail_from }: Case): string {
  const messages: Readonly<Record<string, string>> = {
    'good rsa': rsa,
    'good rsa, spf fail': rsa,
    'missing req field': rsa,
    'good ed': read('dkim-ed.eml'),
    'tampered body': rsa.replace(/\r\n$/, '!\r\n'),
    'tampered hdr': rsa.replace('Subject: ', 'Subject: x'),
    'no key': rsa.replace('s=sel1', 's=sel9'),
    tempfail: rsa.replace('s=sel1', 's=sel3'),
    'tempfail spffail': rsa.replace('s=sel1', 's=sel3'),
    nosig: 'From: <from@sender.test>\r\n\r\nHello.\r\n',
    nofrom: 'Subject: s\r\n\r\nHello.\r\n',
    'two from': 'From: <a@dmr.test>, <b@dmr.test>\r\n\r\nHello.\r\n',
    'two from flds': 'From: <a@dmr.test>\r\nFrom: <b@dmr.test>\r\n\r\nHello.\r\n',
  };
  return messages[note] ?? `From: <${note || mail_from}>\r\n\r\nHello.\r\n`;
}

/** `check_block` of the recording, which puts blocks on one line as no file may. */
const checkBlocks: Readonly<Record<string, string>> = {
  dkim: 'dkim {\n no_sig_action reject\n broken_sig_action reject 550 5.7.1 "bad sig"\n }\n spf',
  dkimopen: 'dkim {\n fail_open yes\n required_fields From X-Other\n }\n spf',
  dmarc: 'dkim\n spf',
  dmarcnospf: 'dkim',
  spfdmarc: 'spf {\n fail_action reject\n }',
};

/** The methods of the topmost field in the order of their names: maddy has none, its checks race. Reasons of DNS are its library's. */
function results(field: string): readonly string[] {
  const value = field.replace(/\r?\n(?=[ \t])/g, '').trimEnd();
  return value
    .split('; ')
    .slice(1)
    .map((result) => result.trim().replace(/(reason="(?:key unavailable: )?)lookup [^"]*"/, '$1(why)"'))
    .sort();
}

let server: ServerWithMaildir | null = null;
// The signatures of the samples expire.
beforeAll(() => vi.useFakeTimers({ toFake: ['Date'], now: 1_795_351_050_000 }));
afterAll(() => vi.useRealTimers());
afterEach(async () => {
  await server?.stop();
  server = null;
});

const runs = recorded.runs.filter(({ name }) => checkBlocks[name] !== undefined);
const cases = runs.flatMap((run) => run.cases.map((each) => ({ ...run, ...each })));

describe('as recorded from maddy', () => {
  it.each(cases)('$name: $mail_from $note', async (each) => {
    server = await ServerWithMaildir.start(`check {\n ${checkBlocks[each.name]}\n}\n${each.extra_directive}`, zones);
    const reply = await server.send({ from: each.mail_from, lines: contentOf(each).trimEnd().split('\r\n') });
    if (each.failing_reply !== null) {
      expect(reply.replace(/= [0-9a-f]{8}/, '= XXXXXXXX')).toBe(each.failing_reply);
      return;
    }
    expect(reply).toBe('250 2.0.0 OK: queued');
    expect(results(server.delivered()[0] ?? '')).toEqual(results(each.header_added ?? ''));
  });
});
