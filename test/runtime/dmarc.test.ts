import { describe, expect, test } from 'vitest';
import type { PolicySearch } from '../../runtime/dmarc/policy-search.ts';
import { PublicSuffixSearch } from '../../runtime/dmarc/public-suffix-search.ts';
import { readDmarcRecord } from '../../runtime/dmarc/record.ts';
import { policySearchOf } from '../../runtime/dmarc/search.ts';
import { TreeWalkSearch } from '../../runtime/dmarc/tree-walk-search.ts';
import type { MethodResult } from '../../runtime/pipeline/authentication-results.ts';
import { decideDmarc, findDmarcPolicy } from '../../runtime/pipeline/dmarc.ts';
import { messageOf } from '../kit/message.ts';
import { type KnownRecords, knownResolver } from '../kit/resolver.ts';

const txt = (...records: readonly string[]) => ({ TXT: records });

const zones: KnownRecords = {
  '_dmarc.example.com': txt('v=DMARC1; p=reject; sp=quarantine; np=none'),
  'sub.example.com': { A: ['192.0.2.1'] },
  '_dmarc.own.example.com': txt('v=DMARC1; p=none'),
  '_dmarc.blocked.example.com': txt('v=spf1 -all'),
  '_dmarc.two.example.com': txt('v=DMARC1; p=none', 'v=DMARC1; p=reject'),
  '_dmarc.trial.com': txt('v=DMARC1; p=reject; t=y'),
  '_dmarc.gov.example': txt('v=DMARC1; p=reject; psd=y'),
  '_dmarc.island.big.com': txt('v=DMARC1; p=quarantine; psd=n'),
  '_dmarc.big.com': txt('v=DMARC1; p=none'),
  '_dmarc.down.com': 'nobody answers',
};
const asked: string[] = [];
const known = knownResolver(zones);
const resolver: typeof known = {
  ...known,
  lookup: (type, name) => {
    asked.push(`${type} ${name}`);
    return known.lookup(type, name);
  },
};
const suffixes = new PublicSuffixSearch(resolver);
const walk = new TreeWalkSearch(resolver);

async function policy(search: PolicySearch, domain: string): Promise<string> {
  const answer = await search.policyOf(domain);
  return answer.kind === 'policy' ? answer.disposition : answer.kind;
}

describe('policies and organisations', () => {
  test.each([
    // domain, by the list of suffixes, by the walk
    ['example.com', 'reject', 'reject'],
    ['sub.example.com', 'quarantine', 'quarantine'],
    // It does not exist.
    ['a.b.example.com', 'quarantine', 'none'],
    ['own.example.com', 'none', 'none'],
    // Other records at the name block the fallback of old.
    ['blocked.example.com', 'none', 'none'],
    ['two.example.com', 'none', 'none'],
    ['trial.com', 'reject', 'quarantine'],
    ['dept.gov.example', 'reject', 'reject'],
    ['gov.example', 'reject', 'reject'],
    ['x.island.big.com', 'none', 'quarantine'],
    ['nothing.test', 'none', 'none'],
    ['down.com', 'temperror', 'temperror'],
    ['x.down.com', 'temperror', 'temperror'],
  ])('%s: %s, %s', async (domain, byList, byWalk) => {
    expect([await policy(suffixes, domain), await policy(walk, domain)]).toEqual([byList, byWalk]);
  });

  test.each([
    ['a.b.example.com', 'example.com', 'example.com'],
    ['example.co.uk', 'example.co.uk', 'example.co.uk'],
    // A private suffix.
    ['me.github.io', 'me.github.io', 'me.github.io'],
    ['github.io', null, 'github.io'],
    ['a.dept.gov.example', 'gov.example', 'dept.gov.example'],
    ['x.island.big.com', 'big.com', 'island.big.com'],
  ])('organisation of %s', async (domain, byList, byWalk) => {
    expect([await suffixes.organizationOf(domain), await walk.organizationOf(domain)]).toEqual([byList, byWalk]);
  });

  test('are found as the configuration says', async () => {
    const found = [{}, { dmarc_policy_search: 'public_suffix' }, { dmarc_policy_search: 'tree_walk' }].map((globals) =>
      policy(policySearchOf(globals, resolver), 'trial.com'),
    );
    expect(await Promise.all(found)).toEqual(['reject', 'reject', 'quarantine']);
  });

  test('a long name costs eight questions', async () => {
    asked.length = 0;
    await walk.policyOf(`${'a.'.repeat(100)}example.com`);
    expect(asked.filter((question) => question.startsWith('TXT'))).toHaveLength(8);
    expect(asked[1]).toBe('TXT _dmarc.a.a.a.a.a.example.com');
  });
});

test.each([
  ['v=DMARC1', "dmarc: record is missing a 'p' parameter"],
  ['v=DMARC1; p=wat', "dmarc: invalid policy for parameter 'p'"],
  ['v=DMARC1; p=none; sp=wat', "dmarc: invalid policy for parameter 'sp'"],
  ['v=DMARC1; p=none; adkim=x', "dmarc: invalid alignment mode for parameter 'adkim'"],
  ['v=DMARC1; p=none; pct=101', "dmarc: invalid value for parameter 'pct'"],
  ['v=DMARC1; p=none; fo=x', "dmarc: invalid value for parameter 'fo'"],
  ['v=DMARC1; p=none; rf=pdf', "dmarc: invalid value for parameter 'rf'"],
  ['v=DMARC1; p=none; ri=0', "dmarc: invalid value for parameter 'ri'"],
  ['v=DMARC1; p=none; pct=-1', "dmarc: invalid value for parameter 'pct'"],
  ['v=DMARC1; p', 'dmarc: malformed record: a tag without a value'],
])('%s is no policy', (text, fault) => {
  expect(readDmarcRecord(text)).toBe(fault);
});

describe('decisions', () => {
  const failing: readonly MethodResult[] = [
    { method: 'dkim', value: 'none', reason: '', properties: {} },
    { method: 'spf', value: 'fail', reason: '', properties: { 'smtp.mailfrom': 'x.com', 'smtp.helo': 'h' } },
  ];
  const decide = async (record: string, roll: number): Promise<string> => {
    const search = new PublicSuffixSearch(knownResolver({ '_dmarc.x.com': txt(record) }));
    const found = await findDmarcPolicy(messageOf('From: a@X.com\r\n\r\n').header, search);
    return (await decideDmarc(found, failing, search, roll)).disposition;
  };

  test('pct= means so many of a hundred, and 0 means none (D14)', async () => {
    expect(await decide('v=DMARC1; p=reject; pct=0', 0)).toBe('none');
    expect(await decide('v=DMARC1; p=reject; pct=30', 0.299)).toBe('reject');
    expect(await decide('v=DMARC1; p=reject; pct=30', 0.3)).toBe('none');
    expect(await decide('v=DMARC1; p=reject; pct=100', 0.9999)).toBe('reject');
  });

  test.each([
    ['From: a@x.com', { author: { written: 'x.com', domain: 'x.com' } }],
    ['From: "A, B" <a@MÜLLER.example>', { author: { domain: 'xn--mller-kva.example' } }],
    ['From: a@x.com, b@x.com', { answer: { reason: 'dmarc: multiple addresses in From field are not allowed' } }],
    ['From: nobody', { answer: { reason: 'dmarc: malformed From header field: no address in it' } }],
    ['From:', { answer: { reason: 'dmarc: malformed From header field: no address in it' } }],
    ['To: a@x.com', { answer: { reason: 'dmarc: missing From header field' } }],
    ['From: a@x.com\r\nFrom: a@x.com', { answer: { reason: 'dmarc: multiple From header fields are not allowed' } }],
  ])('%s', async (fields, expected) => {
    const search = new PublicSuffixSearch(knownResolver({}));
    expect(await findDmarcPolicy(messageOf(`${fields}\r\n\r\n`).header, search)).toMatchObject(expected);
  });
});
