import fc from 'fast-check';
import type { Zone, Zones } from '../../kit/dns-server.ts';

/** One evaluation: who says that it sends for which domain. */
export interface SpfCase {
  readonly address: string;
  readonly sender: string;
  readonly helo: string;
}

const hosts = ['a.test', 'b.test', 'six.test', 'both.test', 'many.test', 'empty.test', 'absent.test'];
const others = ['i1.test', 'i2.test', 'i3.test', 'none.test', 'two.test', 'bad.test', 'loop.test', 'absent.test'];
const addresses = ['192.0.2.1', '192.0.2.77', '198.51.100.9', '2001:db8::1', '2001:db8:1::9'];

const qualifier = fc.constantFrom('', '', '+', '-', '~', '?');
const prefix4 = fc.constantFrom('', '', '/32', '/24', '/8', '/0');
const prefixes = fc.constantFrom('', '', '/24', '/32', '//64', '//128', '/24//64', '/16//32');
const macro = fc.constantFrom(
  ...[
    '%{d}',
    '%{i}.test',
    '%{ir}.test',
    '%{o}',
    '%{l}.test',
    '%{h}',
    '%{d2}',
    '%{dr}.x.test',
    '%{l1r-}.test',
    '%{v}.test',
    'a.%{d}',
    '%{p}',
  ],
);
const target = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...hosts) }, { weight: 1, arbitrary: macro });
const included = fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...others) }, { weight: 1, arbitrary: macro });
const network = fc.constantFrom(
  ...[
    '192.0.2.1',
    '192.0.2.0/24',
    '198.51.100.0/25',
    '10.0.0.0/8',
    '0.0.0.0/0',
    '192.0.2.1/33',
    '192.0.2',
    '192.0.2.1/a',
  ],
);
const network6 = fc.constantFrom(
  '2001:db8::1',
  '2001:db8::/32',
  '::/0',
  '2001:db8::/129',
  '::ffff:192.0.2.1',
  '2001:db8:::1',
);

const mechanism = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(qualifier, network).map(([sign, net]) => `${sign}ip4:${net}`) },
  { weight: 3, arbitrary: fc.tuple(qualifier, network6).map(([sign, net]) => `${sign}ip6:${net}`) },
  {
    weight: 5,
    arbitrary: fc
      .tuple(qualifier, fc.constantFrom('a', 'mx', 'A'), fc.option(target), prefixes)
      .map(([sign, kind, name, prefix]) => `${sign}${kind}${name === null ? '' : `:${name}`}${prefix}`),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(qualifier, target, prefix4).map(([sign, name, prefix]) => `${sign}a:${name}${prefix}`),
  },
  { weight: 6, arbitrary: fc.tuple(qualifier, included).map(([sign, name]) => `${sign}include:${name}`) },
  { weight: 2, arbitrary: fc.tuple(qualifier, target).map(([sign, name]) => `${sign}exists:${name}`) },
  { weight: 1, arbitrary: fc.tuple(qualifier, fc.constantFrom('ptr', 'ptr:a.test')).map((parts) => parts.join('')) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('unknown', 'include', 'ip4', 'exists', 'a:', 'x=y', 'exp=e.test', 'all:x', 'mx:/24'),
  },
);
const ending = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('-all', '~all', '?all', '+all', 'ALL') },
  { weight: 2, arbitrary: included.map((name) => `redirect=${name}`) },
  { weight: 2, arbitrary: fc.constant('') },
);
const record = fc
  .tuple(fc.constantFrom('v=spf1', 'v=spf1', 'V=SPF1'), fc.array(mechanism, { maxLength: 5 }), ending)
  .map(([version, terms, end]) => [version, ...terms, end].filter((term) => term !== '').join(' '));

/** What a domain publishes: usually one record, among other texts. */
const texts = fc.oneof(
  { weight: 20, arbitrary: record.map((text) => [text]) },
  { weight: 2, arbitrary: record.map((text) => ['other', text, 'v=spf10 x']) },
  { weight: 1, arbitrary: fc.tuple(record, record).map((both) => [...both]) },
  { weight: 1, arbitrary: fc.constantFrom(['v=spf2.0/pra all'], [], ['v=spf1']) },
);

export interface SpfQuestion {
  readonly texts: readonly string[];
  readonly address: string;
  readonly localPart: string;
  readonly helo: string;
  /** MAIL FROM:<>, where the name in HELO is what is asked about. */
  readonly nullSender: boolean;
}

export const spfQuestion: fc.Arbitrary<SpfQuestion> = fc.record({
  texts,
  address: fc.constantFrom(...addresses),
  localPart: fc.constantFrom('ann', 'a-b', 'x.y'),
  helo: fc.constantFrom('client.test', 'b.test'),
  nullSender: fc.constantFrom(false, false, false, true),
});

const many = Array.from({ length: 12 }, (_, at) => `h${at}.test`);

const common: Readonly<Record<string, Zone>> = {
  'a.test.': { A: ['192.0.2.1'], MX: [{ host: 'b.test.', pref: 10 }] },
  'b.test.': { A: ['192.0.2.77', '198.51.100.9'], TXT: ['v=spf1 a -all'] },
  'six.test.': { AAAA: ['2001:db8::1'], MX: [{ host: 'six.test.', pref: 1 }] },
  'both.test.': {
    A: ['203.0.113.1'],
    AAAA: ['2001:db8:1::9'],
    MX: [
      { host: 'a.test.', pref: 1 },
      { host: 'six.test.', pref: 2 },
    ],
  },
  'many.test.': { MX: many.map((host, pref) => ({ host: `${host}.`, pref })) },
  ...Object.fromEntries(many.map((host, at) => [`${host}.`, { A: [`203.0.113.${at}`] }])),
  'empty.test.': { TXT: ['nothing'] },
  'i1.test.': { TXT: ['v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/48 -all'] },
  'i2.test.': { TXT: ['v=spf1 a:b.test include:i3.test ?all'] },
  'i3.test.': { TXT: ['v=spf1 mx:both.test ~all'] },
  'none.test.': { TXT: ['hello'] },
  'two.test.': { TXT: ['v=spf1 -all', 'v=spf1 +all'] },
  'bad.test.': { TXT: ['v=spf1 nonsense -all'] },
  'loop.test.': { TXT: ['v=spf1 include:loop.test -all'] },
  'e.test.': { TXT: ['no'] },
  'client.test.': { A: ['192.0.2.1'], TXT: ['v=spf1 ip4:192.0.2.1 -all'] },
  '1.2.0.192.in-addr.arpa.': { PTR: ['a.test.'] },
};

/** A name server for all questions, and what is asked with it. */
export function spfWorld(questions: readonly SpfQuestion[]): {
  readonly zones: Zones;
  readonly cases: readonly SpfCase[];
} {
  const own = questions.map((question, at): [string, Zone] => [
    `d${at}.test.`,
    { TXT: question.texts, A: ['198.51.100.9'], MX: [{ host: 'a.test.', pref: 5 }] },
  ]);
  const cases = questions.map(({ address, localPart, helo, nullSender }, at) => ({
    address,
    sender: nullSender ? '' : `${localPart}@d${at}.test`,
    helo: nullSender ? `d${at}.test` : helo,
  }));
  return { zones: { ...common, ...Object.fromEntries(own) }, cases };
}
