/**
 * What judging and signing cost.
 *
 *   node bench/checks.ts [--rounds N] [--sessions N]
 *
 * Verdicts: SPF, DKIM and DMARC of a message of 10 kB, with what DNS says in the cache. Signing: RSA-2048, beside the bare
 * operation of OpenSSL. Memory: what each session of a server adds while it takes 25 MB and judges and signs them.
 */
import { generateKeyPairSync, sign } from 'node:crypto';
import { promisify } from 'node:util';
import { writeKeyRecord } from '../runtime/dkim/key-record.ts';
import { type SigningPolicy, signMessage } from '../runtime/dkim/sign.ts';
import { verifySignatures } from '../runtime/dkim/verify.ts';
import { PublicSuffixSearch } from '../runtime/dmarc/public-suffix-search.ts';
import { mailauthResolver } from '../runtime/dns/mailauth-resolver.ts';
import { StubResolver } from '../runtime/dns/resolver.ts';
import { parseHeader } from '../runtime/message/header.ts';
import type { Message } from '../runtime/module.ts';
import { evaluateSpf } from '../runtime/modules/check/spf-evaluation.ts';
import { authenticationResults } from '../runtime/pipeline/authentication-results.ts';
import { decideDmarc, findDmarcPolicy } from '../runtime/pipeline/dmarc.ts';
import { CheckingServer, signedDomain } from '../test/kit/checking-server.ts';
import { DnsServer } from '../test/kit/dns-server.ts';
import { messageContext } from '../test/kit/modules.ts';
import { scriptOptions } from '../test/kit/script-options.ts';
import { WireClient } from '../test/kit/wire-client.ts';
import { resetPeak, residentMemory } from './smtp-load.ts';

const { values } = scriptOptions({
  options: { rounds: { type: 'string', default: '7' }, sessions: { type: 'string', default: '20' } },
});
const rounds = Number(values.rounds);
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const signer = { domain: 'sender.test', selector: 's', key: { type: 'rsa', key: privateKey } } as const;
const policy: SigningPolicy = {
  headerForm: 'relaxed',
  bodyForm: 'relaxed',
  oversigned: ['Subject', 'Sender', 'To', 'Cc', 'From', 'Date', 'MIME-Version', 'Content-Type', 'Message-Id'],
  signed: ['List-Id', 'List-Unsubscribe'],
  lifetime: 432_000,
};
const header = `Received: from a.sender.test (a.sender.test [192.0.2.7]) by b.sender.test\r\n\twith ESMTPS id 1; Sun, 22 Nov 2026 12:00:00 +0000\r
From: Ann <ann@news.sender.test>\r
To: Bob <bob@example.test>\r
Subject: Figures of this week\r
Date: Sun, 22 Nov 2026 12:00:00 +0000\r
Message-Id: <1@sender.test>\r
MIME-Version: 1.0\r
Content-Type: text/plain; charset=utf-8\r
`;
const line = 'The quick brown fox  jumps over the lazy dog, and so on and so forth. \r\n';
const body = Buffer.from(line.repeat(Math.ceil((10_240 - header.length) / line.length)));

function newMessage(prefix = ''): Message {
  const parsed = parseHeader(Buffer.from(prefix + header));
  if ('fault' in parsed) throw new Error(parsed.fault);
  return { context: messageContext(), header: parsed, body: { size: body.length, chunks: () => [body] } };
}

const seconds = (): number => Math.floor(Date.now() / 1000);
const median = (numbers: readonly number[]): number =>
  [...numbers].sort((one, other) => one - other)[numbers.length >> 1] ?? Number.NaN;

/** Milliseconds of processor time, of all threads, that each of `count` runs takes; many are under way at once. */
async function processorTime(count: number, atOnce: number, work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  for (let done = 0; done < count; done += atOnce) await Promise.all(Array.from({ length: atOnce }, work));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 / count;
}

async function judging(): Promise<void> {
  const dns = await DnsServer.start(
    {
      'sender.test.': { TXT: ['v=spf1 ip4:198.51.100.0/24 include:spf.sender.test -all'] },
      'spf.sender.test.': { TXT: ['v=spf1 ip4:203.0.113.0/24 a:mail.sender.test -all'] },
      'mail.sender.test.': { A: ['192.0.2.1'] },
      '_dmarc.sender.test.': { TXT: ['v=DMARC1; p=reject; sp=quarantine'] },
      's._domainkey.sender.test.': { TXT: [writeKeyRecord('rsa', publicKey)] },
    },
    { ttl: 3_600, absenceTtl: 3_600 },
  );
  const resolver = new StubResolver(dns.address);
  const search = new PublicSuffixSearch(resolver);
  const asking = mailauthResolver(resolver);
  const identity = { sender: 'bounce@sender.test', address: '192.0.2.1', helo: 'mail.sender.test' };
  const signature = (await signMessage(newMessage(), signer, policy, seconds())).toString();
  const parts = { SPF: 0, DKIM: 0, DMARC: 0 };
  const judge = async (): Promise<string> => {
    const message = newMessage(signature);
    const [spf, dkim, found] = await Promise.all([
      evaluateSpf(identity, asking),
      verifySignatures(message, resolver, seconds()),
      findDmarcPolicy(message.header, search),
    ]);
    const results = [
      ...dkim.map(({ value, reason, domain }) => {
        return { method: 'dkim' as const, value, reason, properties: { 'header.d': domain } };
      }),
      {
        method: 'spf' as const,
        value: spf.result,
        reason: spf.reason,
        properties: { 'smtp.helo': identity.helo, 'smtp.mailfrom': 'sender.test' },
      },
    ];
    const decision = await decideDmarc(found, results, search, 0.5);
    return authenticationResults('mx.test', [...results, decision.result]) ?? '';
  };
  const said = await judge();
  if (!/dkim=pass .*spf=pass .*dmarc=pass/.test(said)) throw new Error(said);
  await processorTime(500, 10, judge);
  const whole: number[] = [];
  for (let round = 0; round < rounds; round++) whole.push(await processorTime(500, 10, judge));
  parts.SPF = await processorTime(500, 10, () => evaluateSpf(identity, asking));
  parts.DKIM = await processorTime(500, 10, () => verifySignatures(newMessage(signature), resolver, seconds()));
  parts.DMARC = await processorTime(500, 10, () => findDmarcPolicy(newMessage().header, search));
  report('SPF, DKIM and DMARC of 10 kB', `${median(whole).toFixed(2)} ms CPU`, '<= 2 ms');
  for (const [name, time] of Object.entries(parts)) report(`  ${name}`, `${time.toFixed(2)} ms CPU`, '');
  resolver.close();
  await dns.stop();
}

async function signing(): Promise<void> {
  const bare = promisify(sign);
  const bytes = Buffer.alloc(600, 'x');
  const bareOnce = (): Promise<unknown> => bare('sha256', bytes, privateKey);
  const messageOnce = (): Promise<unknown> => signMessage(newMessage(), signer, policy, seconds());
  await processorTime(200, 20, messageOnce);
  const ratios: number[] = [];
  const rates: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const alone = await processorTime(400, 20, bareOnce);
    const start = performance.now();
    ratios.push(alone / (await processorTime(400, 20, messageOnce)));
    rates.push(400 / ((performance.now() - start) / 1_000));
  }
  report('signing RSA-2048, share of the bare rate', `${(median(ratios) * 100).toFixed(0)} %`, '>= 80 %');
  report('  messages per second', median(rates).toFixed(0), '');
}

async function memory(): Promise<void> {
  const sessions = Number(values.sessions);
  const server = await CheckingServer.start({
    [`${signedDomain}.`]: { TXT: ['v=spf1 ip4:127.0.0.1 -all'] },
    [`_dmarc.${signedDomain}.`]: { TXT: ['v=DMARC1; p=reject'] },
  });
  const megabyte = Buffer.from(line.repeat(Math.ceil(1_000_000 / line.length)));
  const open = async (megabytes: number): Promise<WireClient> => {
    const client = await WireClient.connect(server.port);
    await client.reply();
    for (const command of ['EHLO c.test', `MAIL FROM:<a@${signedDomain}>`, 'RCPT TO:<b@y.test>', 'DATA']) {
      await client.say(command);
    }
    client.send(header.replace('news.sender.test', signedDomain));
    client.send('\r\n');
    for (let sent = 0; sent < megabytes; sent++) client.send(megabyte);
    return client;
  };
  const finish = async (clients: readonly WireClient[]): Promise<void> => {
    const replies = await Promise.all(clients.map((client) => client.say('.')));
    if (replies.some((reply) => !reply.startsWith('250'))) throw new Error(replies.join('\n'));
    for (const client of clients) client.destroy();
  };
  const all = (count: number, megabytes: number): Promise<WireClient[]> =>
    Promise.all(Array.from({ length: count }, () => open(megabytes)));
  try {
    const peakOf = async (count: number): Promise<number> => {
      resetPeak(server.pid);
      await finish(await all(count, 25));
      return residentMemory(server.pid, 'VmHWM');
    };
    // What the first sessions leave behind is the engine's, not theirs.
    const few = Math.ceil(sessions / 4);
    await peakOf(few);
    const peaks = { few: await peakOf(few), all: await peakOf(sessions) };
    const each = (peaks.all - peaks.few) / (sessions - few);
    report(`memory per session, ${few} to ${sessions} of 25 MB`, `${each.toFixed(2)} MB`, '<= 2 MB');
    report('  in all', `${peaks.all} MB`, '');
  } finally {
    await server.stop();
  }
}

function report(what: string, figure: string, goal: string): void {
  console.log(`${what.padEnd(42)} ${figure.padStart(14)}  ${goal}`.trimEnd());
}

await judging();
await signing();
await memory();
