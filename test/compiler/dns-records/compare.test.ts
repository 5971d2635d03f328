import { describe, expect, it } from 'vitest';
import { judgeRecord } from '../../../compiler/dns-records/compare.ts';
import type { DnsChoices, Purpose, RecordType, WantedRecord } from '../../../compiler/dns-records/records.ts';

const choices: DnsChoices = { addresses: ['203.0.113.5'], dmarc: 'none', mtaSts: 'testing', reports: null };

function judged(
  purpose: Purpose,
  type: RecordType,
  wanted: string | readonly string[] | null,
  found: readonly string[],
): string {
  const record: WantedRecord = {
    purpose,
    type,
    name: 'example.org',
    data: typeof wanted === 'string' ? [wanted] : wanted,
    unknown: wanted === null ? 'no key here' : null,
    need: 'required',
    says: 'what it is for',
  };
  const data = found.map((each) => (type === 'TXT' ? [each] : each.split(' ')));
  const { status, severity, message } = judgeRecord(record, data, choices);
  return status === 'ok' ? 'ok' : `${status} ${severity}: ${message}`;
}

describe('SPF', () => {
  const spf = (...found: readonly string[]): string => judged('spf', 'TXT', 'v=spf1 mx -all', found);
  it.each([
    ['v=spf1 mx -all'],
    ['V=SPF1 MX ~ALL'],
    ['v=spf1 ip4:203.0.113.5 -all'],
    ['v=spf1 include:_spf.example.net +mx ?all'],
  ])('%s is fine', (text) => expect(spf('another text', text)).toBe('ok'));

  it.each([
    [['another text'], 'wrong error: there is no SPF record'],
    [['v=spf1 mx -all', 'v=spf1 -all'], 'wrong error: there are 2 SPF records'],
    [['v=spf1 mx +all'], 'wrong error: it allows everybody'],
    [['v=spf1 mx all'], 'wrong error: it allows everybody'],
    [['v=spf1 -all'], 'wrong error: it does not allow mx: mail from here fails SPF'],
    [['v=spf1 -mx ~all'], 'wrong error: it does not allow mx'],
    [
      ['v=spf1 include:_spf.example.net -all'],
      'undecided warning: it does not name mx; whether include:_spf.example.net',
    ],
    [['v=spf1 ip4:198.51.100.1 -all'], 'undecided warning'],
  ])('%j: %s', (found, words) => expect(spf(...found)).toContain(words));
});

describe('DKIM', () => {
  const wanted = 'v=DKIM1; k=rsa; p=MIIBabc+/=';
  it('takes the same key, however it is written', () => {
    expect(judged('dkim', 'TXT', wanted, ['k=rsa ; v=DKIM1; t=s; p=MIIB abc+/='])).toBe('ok');
  });
  it.each([
    [wanted, 'v=DKIM1; p=other', 'wrong error: it holds another key'],
    [wanted, 'v=DKIM1; p=', 'wrong error: its key is revoked'],
    [wanted, 'something', 'wrong error: it holds no public key'],
    [null, 'v=DKIM1; p=abc', 'undecided info: it is there; whether it fits is not known: no key here'],
  ])('%s against %s', (own, found, words) => expect(judged('dkim', 'TXT', own, [found])).toContain(words));
});

it.each<[Purpose, RecordType, readonly string[], readonly string[], string]>([
  ['mx', 'MX', ['10', 'mx.example.org'], ['20 MX.example.org', '10 other.test'], 'ok'],
  [
    'mx',
    'MX',
    ['10', 'mx.example.org'],
    ['10 other.test'],
    'wrong error: mail goes to other.test, not to mx.example.org',
  ],
  ['mx', 'MX', ['10', 'mx.example.org'], ['0 '], 'wrong error: it says that the domain takes no mail'],
  ['mx', 'MX', ['10', 'mx.example.org'], [], 'missing error: there is none'],
  ['address', 'A', ['203.0.113.5'], ['198.51.100.1'], 'wrong error: it points to 198.51.100.1'],
  ['dane', 'TLSA', ['3', '1', '1', 'ab'], ['3 1 1 cd', '3 1 1 AB'], 'ok'],
  ['dane', 'TLSA', ['3', '1', '1', 'ab'], ['3 1 1 cd'], 'wrong error: it does not fit the certificate'],
  ['dane', 'TLSA', ['3', '1', '1', 'ab'], ['2 1 1 cd'], 'undecided info: it is of another kind'],
  ['service', 'SRV', ['0', '1', '465', 'mx.example.org'], ['5 9 465 mx.example.org'], 'ok'],
  [
    'service',
    'SRV',
    ['0', '1', '465', 'mx.example.org'],
    ['0 1 587 mx.example.org'],
    'wrong warning: mail programs are sent to port 587',
  ],
  ['web', 'CNAME', ['mx.example.org'], ['web.test'], 'undecided info: it leads to web.test'],
  ['reverse', 'PTR', ['mx.example.org'], ['host-5.provider.test'], 'wrong warning: it leads to host-5.provider.test'],
  ['dmarc', 'TXT', ['v=DMARC1; p=none'], ['v=DMARC1; p=reject; sp=none'], 'ok'],
  ['dmarc', 'TXT', ['v=DMARC1; p=none'], ['v=DMARC1; rua=mailto:a@b.test'], 'wrong warning: it has no policy'],
  [
    'dmarc',
    'TXT',
    ['v=DMARC1; p=none'],
    ['v=DMARC1; p=none', 'v=DMARC1; p=none'],
    'wrong warning: there are 2, so none counts',
  ],
  ['mta-sts', 'TXT', ['v=STSv1; id=1'], ['v=STSv1; id=20260101'], 'ok'],
  ['mta-sts', 'TXT', ['v=STSv1; id=1'], ['v=STSv1;'], 'wrong warning: it has no id'],
  ['tls-reports', 'TXT', ['v=TLSRPTv1; rua=mailto:a@b.test'], ['v=TLSRPTv1;'], 'wrong warning: it names nobody'],
])('%s %s: wanted %j, found %j: %s', (purpose, type, wanted, found, words) => {
  expect(judged(purpose, type, wanted, found)).toContain(words);
});
