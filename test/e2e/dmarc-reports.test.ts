import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { aggregateReportFaults } from '../kit/aggregate-report-schema.ts';
import { DnsServer } from '../kit/dns-server.ts';
import { freePort } from '../kit/free-port.ts';
import { runCli } from '../kit/io.ts';
import { ServerProcess } from '../kit/server-process.ts';
import { WireClient } from '../kit/wire-client.ts';

let directory = '';
let dns: DnsServer;
const today = (): string => new Date().toISOString().slice(0, 10);

const configure = (data: string, port: number): string => {
  const file = join(directory, `${data || 'without'}.conf`);
  writeFileSync(
    file,
    `state_dir ${directory}/state-${data}
runtime_dir ${directory}/run
hostname mx.test
tls off
${data === '' ? '' : `dmarc_report_data ${data}`}
smtp tcp://127.0.0.1:${port} {
    dmarc yes
    check {
        spf
        dkim
    }
    deliver_to dummy
}
`,
  );
  return file;
};

async function send(port: number, from: string, author: string): Promise<string> {
  const client = await WireClient.connect(port);
  try {
    await client.reply();
    for (const line of ['EHLO client.test', `MAIL FROM:<${from}>`, 'RCPT TO:<b@y.test>', 'DATA'])
      await client.say(line);
    return await client.say(`From: <${author}>`, 'Subject: s', '', 'Hello.', '.');
  } finally {
    client.destroy();
  }
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'maddyc-dmarc-'));
  dns = await DnsServer.start({
    'good.test.': { TXT: ['v=spf1 ip4:127.0.0.1 -all'] },
    '_dmarc.good.test.': {
      TXT: ['v=DMARC1; p=reject; sp=none; aspf=s; rua=mailto:dmarc@good.test,https://x.test/<&>'],
    },
    'other.test.': { TXT: ['v=spf1 -all'] },
  });
});
afterAll(async () => {
  await dns.stop();
  rmSync(directory, { recursive: true });
});

const start = (file: string, ...more: readonly string[]) =>
  ServerProcess.start(['-config', file, '-debug.dnsoverride', dns.address, 'run', ...more]);
const run = async (...args: readonly string[]) => {
  const { code, stdout, stderr } = await runCli(['dmarc', 'report', ...args], { cwd: directory });
  return { code, stdout: stdout.replaceAll(directory, 'DIR'), stderr: stderr.replaceAll(directory, 'DIR') };
};

it('several processes count what DMARC decides, and reports of it are as domains expect them', {
  timeout: 60_000,
}, async () => {
  const port = await freePort();
  const file = configure('yes', port);
  const server = await start(file, '--workers', '2');
  const day = today();
  try {
    const replies = await Promise.all([
      ...Array.from({ length: 5 }, () => send(port, 'a@good.test', 'ann@good.test')),
      send(port, 'a@other.test', 'mallory@good.test'),
      // Its domain asks for nothing.
      send(port, 'a@other.test', 'ann@other.test'),
    ]);
    expect(replies.map((reply) => reply.slice(0, 9))).toEqual([
      ...Array.from({ length: 5 }, () => '250 2.0.0'),
      '550 5.7.1',
      '250 2.0.0',
    ]);
  } finally {
    await server.stop();
  }
  // It was midnight in between.
  if (today() !== day) return;

  const overview = await run(file);
  expect(overview).toEqual({
    code: 0,
    stdout: `day         domain     messages  passed  quarantined  rejected  reports to
${day}  good.test  6         5       0            1         mailto:dmarc@good.test https://x.test/<&>
`,
    stderr: '',
  });

  const { stdout: xml } = await run('--format', 'xml', '--domain', 'Good.test', '--day', 'today', file);
  expect(aggregateReportFaults(xml)).toEqual([]);
  const flat = xml.replace(/\s*\n\s*/g, '');
  expect(flat).toContain(
    '<policy_published><domain>good.test</domain><adkim>r</adkim><aspf>s</aspf><p>reject</p><sp>none</sp><pct>100</pct><fo>0</fo></policy_published>',
  );
  expect(flat).toContain(
    '<row><source_ip>127.0.0.1</source_ip><count>5</count><policy_evaluated><disposition>none</disposition><dkim>fail</dkim><spf>pass</spf></policy_evaluated></row>',
  );
  expect(flat).toContain(
    '<count>1</count><policy_evaluated><disposition>reject</disposition><dkim>fail</dkim><spf>fail</spf></policy_evaluated></row><identifiers><envelope_from>other.test</envelope_from><header_from>good.test</header_from></identifiers><auth_results><spf><domain>other.test</domain><scope>mfrom</scope><result>fail</result></spf></auth_results>',
  );
  const begin = Date.parse(`${day}T00:00:00Z`) / 1000;
  expect(flat).toContain(`<date_range><begin>${begin}</begin><end>${begin + 86_399}</end></date_range>`);

  const json: unknown = JSON.parse((await run('--format', 'json', file)).stdout);
  expect(json).toMatchObject({ reports: [{ day, policy: { domain: 'good.test' }, messages: 6, rejected: 1 }] });

  const written = await run('--output', join(directory, 'reports'), '--day', day, file);
  const name = `mx.test!good.test!${begin}!${begin + 86_399}.xml.gz`;
  expect(written.stdout).toBe(`DIR/reports/${name}\tmailto:dmarc@good.test,https://x.test/<&>\n`);
  expect(readdirSync(join(directory, 'reports'))).toEqual([name]);
  expect(gunzipSync(readFileSync(join(directory, 'reports', name))).toString()).toBe(xml);

  expect(await run('--format', 'xml', file)).toEqual({ code: 0, stdout: '', stderr: 'Nothing to report.\n' });
});

it('nothing is counted unless it is wanted', { timeout: 60_000 }, async () => {
  const port = await freePort();
  const file = configure('', port);
  const server = await start(file);
  try {
    expect(await send(port, 'a@good.test', 'ann@good.test')).toMatch(/^250 /);
  } finally {
    await server.stop();
  }
  expect(readdirSync(join(directory, 'state-'))).not.toContain('dmarc-reports.db');
  const { code, stderr } = await run(file);
  expect(code).toBe(1);
  expect(stderr).toContain('dmarc_report_data yes');
});

it('says what is wrong with a call', async () => {
  const file = configure('yes', 0);
  expect(await run('--day', '2026-13-01', file)).toMatchObject({ code: 2 });
  expect(await run('--format', 'json', '--output', 'x', file)).toMatchObject({ code: 2 });
  expect(await runCli(['dmarc', 'send'], { cwd: directory })).toMatchObject({ code: 2 });
});
