import type { MailSetup, ServicePort, Signature } from './mail-setup.ts';
import { autoconfigFile, mtaStsPolicy, type WebFile } from './web-files.ts';

export type RecordType = 'A' | 'AAAA' | 'CNAME' | 'MX' | 'TXT' | 'TLSA' | 'SRV' | 'PTR';

export type Purpose =
  | 'address'
  | 'mx'
  | 'spf'
  | 'dkim'
  | 'dmarc'
  | 'mta-sts'
  | 'tls-reports'
  | 'dane'
  | 'service'
  | 'web'
  | 'reverse';

/** A record that the configuration needs, or could do with. */
export interface WantedRecord {
  readonly purpose: Purpose;
  /** Absolute, without the final dot. */
  readonly name: string;
  readonly type: RecordType;
  /** Fields as a zone has them, names without their final dot, texts whole; null while part of it is not known. */
  readonly data: readonly string[] | null;
  /** Why it is not known, and what to do. */
  readonly unknown: string | null;
  /** Mail suffers without it; it is advised; it only helps. */
  readonly need: 'required' | 'advised' | 'optional';
  /** What it is for. */
  readonly says: string;
}

export interface WantedDns {
  readonly records: readonly WantedRecord[];
  /** Files that some records announce, for a web server. */
  readonly webFiles: readonly WebFile[];
}

export interface DnsChoices {
  /** Public addresses of the host. */
  readonly addresses: readonly string[];
  readonly dmarc: 'none' | 'quarantine' | 'reject';
  readonly mtaSts: 'testing' | 'enforce';
  /** Who gets reports; null: postmaster of the domain. */
  readonly reports: string | null;
}

/** What is read from files that the configuration names. */
export interface KeyFacts {
  /** Tags `k` and `p` of the record for a private key (RFC 6376 section 3.6.1). A problem begins with the path. */
  dkimKey(file: string): { readonly type: string; readonly key: string } | { readonly problem: string };
  /** SHA-256 of the certificate's public key in hex (RFC 6698: 1 1); null when the file cannot be read. */
  publicKeyHash(certificate: string): string | null;
}

export function wantedRecords(setup: MailSetup, choices: DnsChoices, keys: KeyFacts): WantedDns {
  const { hostname, domains } = setup;
  if (hostname === null) return { records: [], webFiles: [] };
  const host = { ...setup, hostname };
  const webFiles = domains.flatMap((domain) => [
    ...(setup.receives && setup.offersTls ? [mtaStsPolicy(domain, hostname, choices.mtaSts)] : []),
    ...(setup.submission.length > 0 && setup.imap.length > 0 ? [autoconfigFile(domain, hostname, setup)] : []),
  ]);
  return {
    records: [
      ...addressRecords(hostname, choices.addresses),
      ...daneRecords(host, keys),
      ...domains.flatMap((domain) => domainRecords(domain, host, choices, keys, webFiles)),
      // Signed for, but no mail is taken for them.
      ...setup.signatures
        .filter(({ domain }) => !domains.includes(domain))
        .map((signature) => dkimRecord(signature, keys)),
    ],
    webFiles,
  };
}

type Host = MailSetup & { readonly hostname: string };

function addressRecords(hostname: string, addresses: readonly string[]): readonly WantedRecord[] {
  const common = { purpose: 'address', name: hostname, need: 'required' } as const;
  const says = 'the address of the mail server; its PTR record, which the provider sets, must name this host again';
  if (addresses.length === 0) {
    const unknown = `the public address of ${hostname}: name it with --address`;
    return [{ ...common, type: 'A', data: null, unknown, says }];
  }
  return addresses.map((address) => ({
    ...common,
    type: address.includes(':') ? 'AAAA' : 'A',
    data: [address],
    unknown: null,
    says,
  }));
}

/** RFC 7672 section 3.1.1: usage DANE-EE, public key, SHA-256. */
function daneRecords({ certificate, hostname, receives, offersTls }: Host, keys: KeyFacts): readonly WantedRecord[] {
  if (!receives || !offersTls || certificate === null) return [];
  const hash = keys.publicKeyHash(certificate);
  return [
    {
      purpose: 'dane',
      name: `_25._tcp.${hostname}`,
      type: 'TLSA',
      data: hash === null ? null : ['3', '1', '1', hash],
      unknown: hash === null ? `the certificate ${certificate} cannot be read here: run this on the server` : null,
      need: 'optional',
      says: 'the key of the certificate (DANE); only in a zone with DNSSEC, and to be changed before the key is',
    },
  ];
}

function domainRecords(
  domain: string,
  setup: Host,
  choices: DnsChoices,
  keys: KeyFacts,
  webFiles: readonly WebFile[],
): readonly WantedRecord[] {
  const reports = choices.reports ?? `postmaster@${domain}`;
  const text = (
    purpose: Purpose,
    name: string,
    value: string,
    need: WantedRecord['need'],
    says: string,
  ): WantedRecord => ({ purpose, name, type: 'TXT', data: [value], unknown: null, need, says });
  const records: WantedRecord[] = [];
  if (setup.receives) {
    records.push({
      purpose: 'mx',
      name: domain,
      type: 'MX',
      data: ['10', setup.hostname],
      unknown: null,
      need: 'required',
      says: 'mail for the domain comes here',
    });
  }
  records.push(
    text('spf', domain, spfText(setup), 'required', 'who may send for the domain'),
    ...setup.signatures.filter((each) => each.domain === domain).map((each) => dkimRecord(each, keys)),
    text(
      'dmarc',
      `_dmarc.${domain}`,
      `v=DMARC1; p=${choices.dmarc}; rua=mailto:${reports}`,
      'advised',
      'what others do with mail that fails SPF and DKIM, and where they report',
    ),
  );
  const policy = webFiles.find((file) => file.domain === domain && file.kind === 'mta-sts');
  if (policy !== undefined) {
    records.push(
      text(
        'mta-sts',
        `_mta-sts.${domain}`,
        `v=STSv1; id=${policy.id}`,
        'optional',
        `TLS for mail to the domain: ${policy.url}`,
      ),
      webRecord(`mta-sts.${domain}`, setup.hostname, 'the web server with the policy file'),
      text(
        'tls-reports',
        `_smtp._tls.${domain}`,
        `v=TLSRPTv1; rua=mailto:${reports}`,
        'optional',
        'where others report that TLS failed',
      ),
    );
  }
  return [...records, ...serviceRecords(domain, setup, webFiles)];
}

/** `mx` as long as the server itself receives and delivers; a relay sends for it. */
function spfText({ hostname, receives, delivers, relays }: Host): string {
  const own = delivers || relays.length === 0 ? [receives ? 'mx' : `a:${hostname}`] : [];
  const others = relays.map((relay) =>
    /^[\d.]+$/.test(relay) ? `ip4:${relay}` : relay.includes(':') ? `ip6:${relay}` : `a:${relay}`,
  );
  return ['v=spf1', ...own, ...others, relays.length === 0 ? '-all' : '~all'].join(' ');
}

function dkimRecord({ domain, selector, keyFile }: Signature, keys: KeyFacts): WantedRecord {
  const key = keys.dkimKey(keyFile);
  const isKnown = 'key' in key;
  return {
    purpose: 'dkim',
    name: `${selector}._domainkey.${domain}`,
    type: 'TXT',
    data: isKnown ? [`v=DKIM1; k=${key.type}; p=${key.key}`] : null,
    unknown: isKnown ? null : `the public key of ${key.problem}`,
    need: 'required',
    says: 'the public key of DKIM signatures',
  };
}

function webRecord(name: string, hostname: string, says: string): WantedRecord {
  return { purpose: 'web', name, type: 'CNAME', data: [hostname], unknown: null, need: 'optional', says };
}

/** RFC 6186 and RFC 8314: the more secure service first; a target of "." says that there is none. */
function serviceRecords(domain: string, setup: Host, webFiles: readonly WebFile[]): readonly WantedRecord[] {
  const service = (name: string, { port }: ServicePort, priority: number): WantedRecord => ({
    purpose: 'service',
    name: `_${name}._tcp.${domain}`,
    type: 'SRV',
    data: [String(priority), '1', String(port), setup.hostname],
    unknown: null,
    need: 'optional',
    says: 'mail programs find the server by it',
  });
  const found = [
    ...setup.submission.map((each, index) =>
      service(each.implicitTls ? 'submissions' : 'submission', each, index * 10),
    ),
    ...setup.imap.map((each, index) => service(each.implicitTls ? 'imaps' : 'imap', each, index * 10)),
  ];
  const autoconfig = webFiles.some((file) => file.domain === domain && file.kind === 'autoconfig')
    ? [webRecord(`autoconfig.${domain}`, setup.hostname, 'the web server with the settings for mail programs')]
    : [];
  return [...found, ...autoconfig];
}
