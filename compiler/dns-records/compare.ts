import type { DnsChoices, RecordType, WantedRecord } from './records.ts';
import { judgeSpf } from './spf-terms.ts';

/** What DNS says: data of each record; empty when there is none; null when it cannot be told. */
export type FoundRecords = readonly (readonly string[])[] | null;

export interface Judgement {
  readonly record: WantedRecord;
  readonly status: 'ok' | 'missing' | 'wrong' | 'undecided';
  /** Only for what is not ok: `error` when mail suffers. */
  readonly severity: 'error' | 'warning' | 'info';
  /** What is there, and what it means. */
  readonly message: string;
}

/** Holds what DNS says against what the configuration needs. */
export function judgeRecord(record: WantedRecord, found: FoundRecords, choices: DnsChoices): Judgement {
  const judge = (status: Judgement['status'], severity: Judgement['severity'], message: string): Judgement => ({
    record,
    status,
    severity,
    message,
  });
  if (found === null) return judge('undecided', 'warning', 'DNS did not answer');
  if (found.length === 0) return judge('missing', severityOf(record), `there is none: ${record.says}`);
  const opinion = opinions[record.type](record, found, choices);
  return opinion === null
    ? judge('ok', 'info', found.map((data) => data.join(' ')).join(', '))
    : judge(opinion.decided === false ? 'undecided' : 'wrong', opinion.severity, opinion.message);
}

function severityOf({ need }: WantedRecord): Judgement['severity'] {
  return need === 'required' ? 'error' : need === 'advised' ? 'warning' : 'info';
}

export interface Opinion {
  readonly severity: Judgement['severity'];
  readonly message: string;
  readonly decided?: false;
}

type Opine = (record: WantedRecord, found: readonly (readonly string[])[], choices: DnsChoices) => Opinion | null;

const same = (a: string, b: string | undefined): boolean => a.toLowerCase() === b?.toLowerCase();

const addressOpinion: Opine = ({ data }, found) => {
  const [wanted] = data ?? [];
  if (wanted === undefined || found.some(([address = '']) => same(address, wanted))) return null;
  return { severity: 'error', message: `it points to ${found.flat().join(', ')}, not to ${wanted}` };
};

const opinions: { readonly [Type in RecordType]: Opine } = {
  A: addressOpinion,
  AAAA: addressOpinion,
  CNAME: ({ data }, found) => {
    const [wanted = ''] = data ?? [];
    if (found.some(([target = '']) => same(target, wanted))) return null;
    return {
      severity: 'info',
      message: `it leads to ${found.flat().join(', ')}: another web server may be meant`,
      decided: false,
    };
  },
  PTR: ({ data }, found) => {
    const [wanted = ''] = data ?? [];
    if (found.some(([target = '']) => same(target, wanted))) return null;
    return { severity: 'warning', message: `it leads to ${found.flat().join(', ')}, not to ${wanted}` };
  },
  MX: ({ data }, found) => {
    const host = data?.[1];
    const hosts = found.map(([, exchange = '']) => exchange);
    if (hosts.some((each) => same(each, host))) return null;
    if (hosts.every((each) => each === '')) {
      return { severity: 'error', message: 'it says that the domain takes no mail (RFC 7505)' };
    }
    return { severity: 'error', message: `mail goes to ${hosts.join(', ')}, not to ${host}` };
  },
  SRV: ({ data }, found) => {
    const wanted = `${data?.[2]} ${data?.[3]}`;
    const offered = found.map(([, , port = '', target = '']) => `${port} ${target}`);
    if (offered.some((each) => same(each, wanted))) return null;
    return { severity: 'warning', message: `mail programs are sent to port ${offered.join(', ')}, not to ${wanted}` };
  },
  TLSA: ({ data }, found) => {
    const [, , , hash] = data ?? [];
    if (hash === undefined) return { severity: 'info', message: 'the certificate is not known here', decided: false };
    const comparable = found.filter(([usage, selector, matching]) => `${usage} ${selector} ${matching}` === '3 1 1');
    if (comparable.some(([, , , each = '']) => same(each, hash))) return null;
    if (comparable.length < found.length) {
      return { severity: 'info', message: 'it is of another kind than 3 1 1, and is not compared', decided: false };
    }
    return {
      severity: 'error',
      message: 'it does not fit the certificate: servers that check DANE do not deliver here (RFC 7672)',
    };
  },
  TXT: (record, found, choices) =>
    textOpinion(
      record,
      found.map(([text = '']) => text),
      choices,
    ),
};

function textOpinion(record: WantedRecord, texts: readonly string[], choices: DnsChoices): Opinion | null {
  const of = (version: string): readonly string[] =>
    texts.filter((text) => text.toLowerCase().startsWith(version.toLowerCase()));
  switch (record.purpose) {
    case 'spf':
      return judgeSpf(record, of('v=spf1'), choices);
    case 'dkim':
      return dkimOpinion(record, texts);
    case 'dmarc':
      return single(record, of('v=DMARC1'), (text) =>
        /;\s*p\s*=\s*(none|quarantine|reject)\b/i.test(text) ? null : 'it has no policy (p=none, quarantine or reject)',
      );
    case 'mta-sts':
      return single(record, of('v=STSv1'), (text) =>
        /;\s*id\s*=\s*[A-Za-z0-9]{1,32}\b/.test(text) ? null : 'it has no id',
      );
    case 'tls-reports':
      return single(record, of('v=TLSRPTv1'), (text) => (/;\s*rua\s*=/.test(text) ? null : 'it names nobody (rua)'));
    default:
      return null;
  }
}

/** These count only when there is exactly one. */
function single(
  record: WantedRecord,
  texts: readonly string[],
  fault: (text: string) => string | null,
): Opinion | null {
  const severity = record.need === 'optional' ? 'info' : 'warning';
  const [text, second] = texts;
  if (text === undefined) return { severity, message: `there is a TXT record, but none for this: ${record.says}` };
  if (second !== undefined) return { severity: 'warning', message: `there are ${texts.length}, so none counts` };
  const message = fault(text);
  return message === null ? null : { severity: 'warning', message };
}

function dkimOpinion({ data, unknown }: WantedRecord, texts: readonly string[]): Opinion | null {
  const keys = texts.map((text) => tagsOf(text).get('p')).filter((key) => key !== undefined);
  if (keys.length === 0) return { severity: 'error', message: 'it holds no public key (p=)' };
  if (keys.every((key) => key === '')) return { severity: 'error', message: 'its key is revoked (p= is empty)' };
  const own = tagsOf(data?.[0] ?? '').get('p');
  if (own === undefined)
    return { severity: 'info', message: `it is there; whether it fits is not known: ${unknown}`, decided: false };
  return keys.includes(own)
    ? null
    : { severity: 'error', message: 'it holds another key than the one that signs: every signature fails' };
}

/** `k=v; …`, without white space in the values (RFC 6376 section 3.2). */
function tagsOf(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split(';').map((tag): [string, string] => {
      const at = tag.indexOf('=');
      return [tag.slice(0, at).trim(), tag.slice(at + 1).replace(/\s/g, '')];
    }),
  );
}
