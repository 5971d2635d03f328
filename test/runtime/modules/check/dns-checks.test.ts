import { afterEach, describe, expect, it } from 'vitest';
import type { Zones } from '../../../kit/dns-server.ts';
import { type Mail, ServerWithMaildir } from '../../../kit/mail-server.ts';

let server: ServerWithMaildir;
afterEach(() => server.stop());

/** The reply to one message, with `ID` for its id. */
async function reply(checks: string, zones: Zones, mail: Mail = {}, endpoint = ''): Promise<string> {
  server = await ServerWithMaildir.start(`${endpoint}\n check {\n ${checks}\n }`, zones);
  return (await server.send(mail)).replace(/\(msg ID = [0-9a-f]{8}\)/, '(ID)');
}

const accepted = '250 2.0.0 OK: queued';

describe('spf', () => {
  const zones: Zones = {
    'pass.test.': { TXT: ['v=spf1 ip4:127.0.0.1 -all'] },
    'several.test.': { TXT: ['v=spf1 a ip4:127.0.0.1 -all'], A: ['192.0.2.1'] },
    'neutral.test.': { TXT: ['v=spf1 ?all'] },
    'fail.test.': { TXT: ['v=spf1 -all'] },
    'soft.test.': { TXT: ['v=spf1 ~all'] },
    'broken.test.': { TXT: ['v=spf1 what'] },
    'twice.test.': { TXT: ['v=spf1 -all', 'v=spf1 +all'] },
    'down.test.': { err: true },
    'none.test.': {},
    'include.test.': { TXT: ['v=spf1 a:none.test include:soft.test ?include:fail.test include:mx.test -all'] },
    'mx.test.': {
      TXT: ['v=spf1 ip4:192.0.2.1 ip6:2001:db8::/32 mx/24 -all'],
      MX: [{ host: 'host.mx.test.', pref: 1 }],
    },
    'host.mx.test.': { A: ['127.0.0.200'] },
    'redirect.test.': { TXT: ['v=spf1 ip4:192.0.2.1 redirect=fail.test'] },
    'macro.test.': { TXT: ['v=spf1 exists:%{i}.host.mx.test a:host.mx.test/8 -all'] },
    'client.test.': { TXT: ['v=spf1 ip4:127.0.0.1 -all'] },
    '_dmarc.strict.test.': { TXT: ['v=DMARC1; p=reject'] },
    '_dmarc.watching.test.': { TXT: ['v=DMARC1; p=none'] },
  };
  const noted = (result: string) => [
    `Authentication-Results: mx.test; ${result}`,
    'From: <ann@from.test>',
    'Subject: s',
  ];

  it.each([
    ['a@pass.test', 'spf=pass reason="matched ip" smtp.helo=client.test smtp.mailfrom=pass.test'],
    ['a@several.test', 'spf=pass reason="matched ip" smtp.helo=client.test smtp.mailfrom=several.test'],
    // In maddy's words: what was included has its own kind.
    ['a@include.test', 'spf=pass reason="matched mx" smtp.helo=client.test smtp.mailfrom=include.test'],
    ['a@redirect.test', 'spf=fail reason="matched all" smtp.helo=client.test smtp.mailfrom=redirect.test'],
    // Macros are left to the library.
    ['a@macro.test', 'spf=pass smtp.helo=client.test smtp.mailfrom=macro.test'],
    ['a@neutral.test', 'spf=neutral reason="matched all" smtp.helo=client.test smtp.mailfrom=neutral.test'],
    ['a@fail.test', 'spf=fail reason="matched all" smtp.helo=client.test smtp.mailfrom=fail.test'],
    ['a@soft.test', 'spf=softfail reason="matched all" smtp.helo=client.test smtp.mailfrom=soft.test'],
    ['a@broken.test', 'spf=permerror reason="unknown field" smtp.helo=client.test smtp.mailfrom=broken.test'],
    [
      'a@twice.test',
      'spf=permerror reason="multiple matching DNS records" smtp.helo=client.test smtp.mailfrom=twice.test',
    ],
    ['a@none.test', 'spf=none reason="no DNS record found" smtp.helo=client.test smtp.mailfrom=none.test'],
    ['', 'spf=pass reason="matched ip" smtp.helo=client.test'],
  ])('notes what became of %s', async (from, result) => {
    expect(await reply('spf { fail_action ignore }', zones, { from })).toBe(accepted);
    expect(server.delivered()).toEqual(noted(result));
  });

  it('notes why it cannot tell', async () => {
    expect(await reply('spf', zones, { from: 'a@down.test' })).toBe(accepted);
    expect(server.delivered()[0]).toMatch(
      /; spf=temperror reason="lookup down\.test \(TXT\): SERVFAIL from 127\.0\.0\.1 port \d+" smtp\.helo=client\.test smtp/,
    );
  });

  it.each([
    ['fail_action reject', 'a@fail.test', '550 5.7.23 SPF authentication failed (ID)'],
    ['softfail_action reject 451 4.7.1 "try later"', 'a@soft.test', '451 4.7.1 try later (ID)'],
    ['temperr_action reject', 'a@down.test', '451 4.7.23 SPF authentication failed with a temporary error (ID)'],
    ['permerr_action reject', 'a@broken.test', '550 5.7.23 SPF authentication failed with a permanent error (ID)'],
    ['none_action reject', 'a@none.test', '550 5.7.23 No SPF policy (ID)'],
    ['neutral_action reject', 'a@neutral.test', '550 5.7.23 Neutral SPF result is not permitted (ID)'],
    ['enforce_early yes\n fail_action reject', 'a@fail.test', '550 5.7.23 SPF authentication failed (ID)'],
  ])('%s', async (directives, from, expected) => {
    expect(await reply(`spf {\n ${directives}\n }`, zones, { from })).toBe(expected);
  });

  it('quarantines what fails, when nothing else is said', async () => {
    await reply('spf', zones, { from: 'a@fail.test' });
    expect(server.log).toContain(
      'quarantined\t{"check":"check.spf","msg_id":"ID","reason":"matched all","smtp_code":550,"smtp_enchcode":"5.7.23","smtp_msg":"SPF authentication failed"}',
    );
  });

  it('leaves the decision to a DMARC policy that asks for one', async () => {
    const lines = ['From: <ann@strict.test>', '', 'Hello.'];
    expect(await reply('spf { fail_action reject }', zones, { from: 'a@fail.test', lines })).toBe(accepted);
    expect(server.log).toContain(
      'deferring action due to a DMARC policy\t{"err":"matched all","msg_id":"ID","result":"fail"}',
    );
  });

  it.each(['watching.test', 'from.test'])('decides itself where the policy of %s asks for nothing', async (domain) => {
    const lines = [`From: <ann@${domain}>`, '', 'Hello.'];
    expect(await reply('spf { fail_action reject }', zones, { from: 'a@fail.test', lines })).toMatch(/^550 /);
  });
});

describe('dnsbl', () => {
  const zones: Zones = {
    '1.0.0.127.one.test.': { A: ['127.0.0.2'], TXT: ['see https://one.test/'] },
    '1.0.0.127.two.test.': { A: ['127.0.0.4', '127.0.0.10'] },
    '1.0.0.127.blocked.test.': { A: ['127.255.255.254'] },
    '1.0.0.127.good.test.': { A: ['127.0.0.2'] },
    'client.test.names.test.': { A: ['192.0.2.1'] },
    'x.test.names.test.': { A: ['127.0.0.2'] },
    '1.0.0.127.down.test.': { err: true },
    '1.0.0.127.six.test.': { AAAA: ['2001:db8::2'] },
  };
  const listed = '554 5.7.0 Client identity is listed in the used DNSBL (ID)';

  it.each([
    ['a zone in the line scores one (D21)', 'dnsbl one.test { reject_threshold 1 }', listed],
    ['answers that say "you ask too much" list nobody', 'dnsbl blocked.test { reject_threshold 1 }', accepted],
    ['scores are summed up', 'dnsbl one.test two.test { reject_threshold 2 }', listed],
    ['and fall short', 'dnsbl one.test gone.test { reject_threshold 2 }', accepted],
    [
      'a list of friends takes away',
      'dnsbl one.test {\n reject_threshold 1\n good.test {\n score -1\n }\n }',
      accepted,
    ],
    ['the EHLO name', 'dnsbl {\n reject_threshold 1\n names.test {\n ehlo yes\n client_ipv4 no\n }\n }', listed],
    ['the sender domain (D21)', 'dnsbl {\n reject_threshold 1\n names.test {\n mailfrom yes\n }\n }', listed],
    [
      'two identities of one list count once',
      'dnsbl {\n reject_threshold 2\n names.test {\n mailfrom yes\n ehlo yes\n }\n }',
      accepted,
    ],
    ['other answers', 'dnsbl {\n reject_threshold 1\n one.test {\n responses 127.0.0.9\n }\n }', accepted],
    [
      'answers that are IPv6 addresses',
      'dnsbl {\n reject_threshold 1\n six.test {\n responses 2001:db8::/32\n }\n }',
      listed,
    ],
    [
      'rules by answer',
      'dnsbl {\n reject_threshold 7\n two.test {\n response 127.0.0.4 {\n score 3\n message "open proxy"\n }\n response 127.0.0.8/29 {\n score 4\n message "never"\n }\n }\n }',
      '554 5.7.0 open proxy (ID)',
    ],
    [
      'no rule for the answer',
      'dnsbl {\n reject_threshold 1\n one.test {\n response 127.0.0.9 {\n score 9\n }\n }\n }',
      accepted,
    ],
    ['a list that nobody answers for', 'dnsbl down.test', '451 4.7.0 DNS error during policy check (ID)'],
  ])('%s', async (_title, checks, expected) => {
    expect(await reply(checks, zones)).toBe(expected);
  });

  it('quarantines from its first threshold on, and logs what the lists say', async () => {
    expect(await reply('dnsbl one.test', zones)).toBe(accepted);
    expect(server.log.find((line) => line.startsWith('quarantined'))).toContain(
      '"check":"check.dnsbl","explanations":["see https://one.test/"],"lists":["one.test"]',
    );
  });

  it('refuses at EHLO when it is to', async () => {
    expect(await reply('dnsbl one.test {\n reject_threshold 1\n check_early yes\n }', zones)).toBe(
      '554 5.7.0 Client identity is listed in the used DNSBL',
    );
  });

  it('tells at start of lists that are gone or list everybody', async () => {
    server = await ServerWithMaildir.start('check {\n dnsbl gone.test one.test\n }', zones);
    const lines = () => server.log.filter((line) => line.startsWith('check.dnsbl: List'));
    await expect
      .poll(lines)
      .toEqual([
        'check.dnsbl: List does not contain a test record for 127.0.0.2\t{"list":"gone.test"}',
        'check.dnsbl: List does not contain a test record for 127.0.0.2\t{"list":"one.test"}',
        'check.dnsbl: List contains a record for 127.0.0.1\t{"list":"one.test"}',
      ]);
  });
});

describe('require_mx_record', () => {
  const zones: Zones = {
    'good.test.': { MX: [{ host: 'mx.good.test.', pref: 10 }] },
    'null.test.': { MX: [{ host: '.', pref: 0 }] },
    'bare.test.': { A: ['192.0.2.1'] },
    'down.test.': { err: true },
  };

  it.each([
    ['a@good.test', accepted],
    ['', accepted],
    ['a@null.test', '501 5.7.27 Domain in MAIL FROM has null MX record (ID)'],
    ['a@bare.test', '550 5.7.0 DNS error during policy check (ID)'],
    ['a@gone.test', '550 5.7.0 DNS error during policy check (ID)'],
    ['a@down.test', '450 4.7.0 DNS error during policy check (ID)'],
  ])('mail from <%s>', async (from, expected) => {
    expect(await reply('require_mx_record { fail_action reject }', zones, { from })).toBe(expected);
  });
});

describe('require_matching_rdns', () => {
  const zones: Zones = {
    // Not 127.0.0.1: the hosts file says whose that is, also where a DNS server is named (runtime-core 1).
    '4.0.0.127.in-addr.arpa.': { PTR: ['Client.test.'] },
    '3.0.0.127.in-addr.arpa.': { err: true },
  };

  it.each([
    ['127.0.0.4', 'client.TEST.', accepted],
    ['127.0.0.4', 'other.test', '550 5.7.25 rDNS name does not match source hostname (ID)'],
    ['127.0.0.2', 'client.test', '550 5.7.25 No PTR record found (ID)'],
    ['127.0.0.3', 'client.test', '450 4.7.25 DNS error during policy check (ID)'],
  ])('%s as %s', async (source, helo, expected) => {
    expect(await reply('require_matching_rdns { fail_action reject }', zones, { source, helo })).toBe(expected);
  });
});
