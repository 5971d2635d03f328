import { isIP } from 'node:net';
import { type Judgement, judgeRecord } from '../../compiler/dns-records/compare.ts';
import { readMailSetup } from '../../compiler/dns-records/mail-setup.ts';
import {
  type DnsChoices,
  type WantedDns,
  type WantedRecord,
  wantedRecords,
} from '../../compiler/dns-records/records.ts';
import { readZoneFile } from '../../compiler/dns-records/zone-file.ts';
import { zoneText } from '../../compiler/dns-records/zone-text.ts';
import { localDomainsOf } from '../../compiler/routing/prove/local-domains.ts';
import { reverseName } from '../../runtime/dns/reverse-name.ts';
import { type Command, commonOptions, type Invocation, UsageError } from '../command.ts';
import { ConfigurationFile } from '../configuration.ts';
import { defaultFile } from '../default-file.ts';
import { keyFilesIn } from '../dns/key-files.ts';
import { type LookUp, liveRecords } from '../dns/live-records.ts';
import { loadConfiguration } from '../load-plan.ts';
import { version } from '../version.ts';

export const dns: Command = {
  name: 'dns',
  summary: 'the DNS records that a configuration needs, and whether they are there',
  usage: '[FILE] [--check ZONEFILE|live] [options]',
  description: `Prints MX, SPF, DKIM, DMARC, MTA-STS, TLSA, TLS reports and the SRV records for mail programs as text for a zone, with the public keys
of the key files that can be read here. With --check it compares instead: with a zone file, or with what DNS says now ("live").`,
  options: [
    {
      name: 'check',
      value: 'ZONEFILE|live',
      usual: () => ['live'],
      help: 'compare with a zone file, or "live" with DNS',
    },
    { name: 'address', value: 'IP', repeat: true, help: 'public address of the server' },
    { name: 'domain', value: 'NAME', repeat: true, help: 'a local domain; otherwise those of the rules' },
    {
      name: 'dmarc',
      value: 'POLICY',
      choices: ['none', 'quarantine', 'reject'],
      help: 'policy of DMARC: none (as it is untold), quarantine, reject',
    },
    {
      name: 'mta-sts',
      value: 'MODE',
      choices: ['testing', 'enforce'],
      help: 'mode of the MTA-STS policy: testing (as it is untold), enforce',
    },
    { name: 'reports', value: 'ADDRESS', help: 'who gets reports; otherwise postmaster of the domain' },
    { name: 'origin', value: 'NAME', help: 'where names of the zone file begin; otherwise the first local domain' },
    { name: 'server', value: 'IP:PORT', help: 'name server to ask with --check live' },
    {
      name: 'print',
      value: 'WHAT',
      choices: ['zone', 'mta-sts', 'autoconfig'],
      help: 'zone (as it is untold), or a file for the web server: mta-sts, autoconfig',
    },
    commonOptions.json,
    commonOptions.color,
  ],
  examples: [
    { command: 'maddyc dns --address 203.0.113.5 maddy.conf', says: 'the records, for the zone' },
    { command: 'maddyc dns --check live maddy.conf', says: 'what is missing or wrong in DNS now' },
    { command: 'maddyc dns --check db.example.org maddy.conf', says: 'the same before the zone is published' },
    { command: 'maddyc dns --print mta-sts maddy.conf > mta-sts.txt', says: 'the policy file of MTA-STS' },
  ],
  exitCodes: [
    [0, 'printed; with --check: no errors'],
    [1, 'the configuration has errors; with --check: a record is missing or wrong that mail needs'],
    [2, 'wrong use: no such file, an address that is none'],
  ],
  docs: 'dns.md',
  operands: 1,

  async run(invocation) {
    const { has, io, operands, value, values } = invocation;
    const choices = readChoices(invocation);
    const path = operands[0] ?? defaultFile(io);
    const loaded = await loadConfiguration(path, invocation);
    if (loaded === null) return 1;
    const { analysis, plan } = loaded;
    const domains = values('domain').length > 0 ? values('domain') : localDomainsOf(analysis.expansion, plan);
    const setup = readMailSetup(analysis.program, domains);
    const state = analysis.program.globals.get('state_dir')?.value;
    const wanted = wantedRecords(setup, choices, keyFilesIn(typeof state === 'string' ? state : '/var/lib/maddy'));
    if (setup.hostname === null) throw new UsageError(`${path} has no hostname`, 'write hostname mx.example.org');
    if (setup.domains.length === 0) {
      throw new UsageError(`no local domain was found in ${path}`, 'name it with --domain example.org');
    }
    const where = value('check');
    if (where === undefined) {
      print(wanted, invocation);
      return 0;
    }
    const judgements = await check(where, wanted, setup.hostname, setup.domains[0] ?? '', choices, invocation);
    if (has('json')) writeJson(wanted, judgements, invocation);
    else for (const judgement of judgements) io.stdout.write(judgementText(judgement));
    return judgements.some(({ status, severity }) => status !== 'ok' && severity === 'error') ? 1 : 0;
  },
};

function readChoices({ value, values }: Invocation): DnsChoices {
  for (const address of values('address')) {
    if (isIP(address) === 0) throw new UsageError(`--address ${address}: not an IP address`);
  }
  const reports = value('reports') ?? null;
  if (reports !== null && !/^[^\s@;,"]+@[^\s@;,"]+$/.test(reports)) {
    throw new UsageError(`--reports ${reports}: not a mail address`);
  }
  const policy = value('dmarc');
  return {
    addresses: values('address'),
    dmarc: policy === 'quarantine' || policy === 'reject' ? policy : 'none',
    mtaSts: value('mta-sts') === 'enforce' ? 'enforce' : 'testing',
    reports,
  };
}

function print(wanted: WantedDns, invocation: Invocation): void {
  const { io, has, value } = invocation;
  const kind = value('print') ?? 'zone';
  if (has('json')) {
    writeJson(wanted, null, invocation);
    return;
  }
  if (kind === 'zone') {
    io.stdout.write(zoneText(wanted));
    return;
  }
  const files = wanted.webFiles.filter((file) => file.kind === kind);
  const [only, second] = files;
  if (only === undefined) {
    throw new UsageError(
      `this configuration needs no ${kind} file`,
      'it is for a server that receives with TLS, or serves mail programs',
    );
  }
  if (second !== undefined) {
    const domains = files.map(({ domain }) => domain).join(', ');
    throw new UsageError(`there is one for each of ${domains}`, 'choose with --domain');
  }
  io.stdout.write(only.content);
}

async function check(
  where: string,
  wanted: WantedDns,
  hostname: string,
  firstDomain: string,
  choices: DnsChoices,
  { io, value }: Invocation,
): Promise<readonly Judgement[]> {
  const judgements: Judgement[] = [];
  const lookUp =
    where === 'live' ? askDns(value('server')) : await lookIntoZone(where, value('origin') ?? firstDomain, io);
  const answers = await Promise.all(wanted.records.map(({ type, name }) => lookUp(type, name)));
  for (const [index, record] of wanted.records.entries()) {
    const found = answers[index] ?? null;
    judgements.push(judgeRecord(record, found, choices));
  }
  if (where !== 'live') return judgements;
  const addresses = wanted.records.flatMap((record, index) =>
    record.purpose === 'address' ? [...(answers[index] ?? [])].flat() : [],
  );
  for (const record of reverseRecords(new Set(addresses), hostname)) {
    judgements.push(judgeRecord(record, await lookUp('PTR', record.name), choices));
  }
  return judgements;
}

function askDns(server: string | undefined): LookUp {
  try {
    return liveRecords(server ?? null);
  } catch {
    throw new UsageError(`--server ${server}: not an address`, 'write 127.0.0.1:53 or [::1]:53');
  }
}

async function lookIntoZone(path: string, origin: string, io: Invocation['io']): Promise<LookUp> {
  const { host } = await ConfigurationFile.open(path, io);
  const state = host.read(path);
  const text = state.kind === 'text' ? state.text : state.kind === 'bytes' ? new TextDecoder().decode(state.bytes) : '';
  const { records, problems } = readZoneFile(text, origin.replace(/\.$/, '').toLowerCase());
  for (const problem of problems) io.stderr.write(`${path}: ${problem}\n`);
  return async (type, name) =>
    records.filter((record) => record.type === type && record.name === name).map(({ data }) => data);
}

/** Many servers refuse mail from a host whose address does not lead back to its name. */
function reverseRecords(addresses: ReadonlySet<string>, hostname: string): readonly WantedRecord[] {
  return [...addresses].flatMap((address) => {
    const name = reverseName(address);
    if (name === null) return [];
    const says = `many servers refuse mail from ${address} when it does not lead back to ${hostname}; the provider sets it`;
    return [{ purpose: 'reverse', name, type: 'PTR', data: [hostname], unknown: null, need: 'required', says }];
  });
}

function judgementText({ record, status, severity, message }: Judgement): string {
  const word = status === 'ok' ? 'ok' : status === 'undecided' ? 'unknown' : severity;
  const head = `${word.padEnd(8)}${record.type.padEnd(6)}${record.name}\n`;
  const advice =
    status === 'ok' || status === 'undecided' || record.data === null
      ? ''
      : `          wanted: ${record.data.join(' ')}\n`;
  return `${head}          ${message}\n${advice}`;
}

/** Fields are only ever added within a version. */
function writeJson(
  { records, webFiles }: WantedDns,
  judgements: readonly Judgement[] | null,
  { io }: Invocation,
): void {
  const report = {
    version: 1,
    tool: { name: 'maddyc', version },
    records: records.map(({ data, ...record }) => ({ ...record, value: data?.join(' ') ?? null })),
    webFiles: webFiles.map(({ kind, domain, url, content }) => ({ kind, domain, url, content })),
    ...(judgements === null
      ? {}
      : {
          checks: judgements.map(({ record, status, severity, message }) => ({
            name: record.name,
            type: record.type,
            status,
            ...(status === 'ok' ? {} : { severity }),
            message,
          })),
        }),
  };
  io.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
}
