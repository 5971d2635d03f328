import { describe, expect, it } from 'vitest';
import type { Around } from '../../kit/analysis.ts';
import { analyseText, findingLines } from '../../kit/analysis.ts';

/** What rules say, and what they leave alone: each block of `body` stands in a listener that refuses what is not for example.org. */
function told(
  codes: RegExp,
  body: string,
  { top = '', around }: { top?: string; around?: Around } = {},
): readonly string[] {
  const text = `hostname mx.example.org\ntls off\n${top}smtp tcp://127.0.0.1:2525 {\n${body}\ndestination postmaster example.org {\ndeliver_to dummy\n}\ndefault_destination {\nreject\n}\n}\n`;
  return findingLines(analyseText(text, {}, around)).filter((line) => codes.test(line));
}

const rewriting = (table: string): string => `modify {\nreplace_rcpt ${table}\n}`;

describe('tables', () => {
  it('of addresses want keys in the form of look-ups, also in files and in steps', () => {
    const chain =
      'chain {\noptional_step static {\nentry Ann@Example.org b@example.org\n}\nstep static {\nentry BOB@example.org c@example.org\n}\n}';
    expect(told(/^M4116/, rewriting(chain))).toEqual([
      'M4116 7:7-7:22 the key "Ann@Example.org" is never found',
      'M4116 10:7-10:22 the key "BOB@example.org" is never found',
    ]);
    const around = {
      files: { '/etc/aliases': '# ours\nInfo@example.org: ann@example.org\nann@example.org : b@example.org\n' },
    };
    expect(told(/^M4116/, rewriting('file /etc/aliases'), { around })).toEqual([
      'M4116 2:1-2:17 the key "Info@example.org" is never found',
    ]);
  });

  it('that get what an earlier step made may have any keys', () => {
    const chain = 'chain {\nstep email_localpart\nstep static {\nentry Ann x@example.org\n}\n}';
    expect(told(/^M4116/, rewriting(chain))).toEqual([]);
  });

  it('that rewrite give whole addresses, except for keys without a domain', () => {
    expect(
      told(/^M4113/, rewriting('static {\nentry a@example.org bob\nentry b bob\nentry c@example.org postmaster\n}')),
    ).toEqual(['M4113 6:21-6:24 "bob" is no address']);
  });

  it('in files are judged line by line', () => {
    const files = { '/etc/aliases': 'a@x: b@x\nno colon here\n: value\na@x: c@x\ntwo words: d@x\n' };
    expect(told(/^M5105/, rewriting('file /etc/aliases'), { around: { files } })).toEqual([
      'M5105 2:1-2:14 this line has no ":"',
      'M5105 3:1-3:2 nothing stands before the colon',
      'M5105 4:1-4:4 "a@x" stands here a second time',
      'M5105 5:1-5:10 the key "two words" has blanks in it',
    ]);
    expect(told(/^M5105/, rewriting('file /etc/gone'))).toEqual(['M5105 5:19-5:28 there is no file /etc/gone']);
  });
});

describe('expressions', () => {
  it('are compared with the whole address', () => {
    const table = (expression: string, more = '') =>
      told(/^M4114/, rewriting(`regexp ${expression} "$0"${more}`)).length;
    expect(table('"@example\\.org"')).toBe(1);
    expect(table('"^bot@$"')).toBe(1);
    expect(table('".+@example\\.org"')).toBe(0);
    expect(table('"@example\\.org"', ' {\nfull_match no\n}')).toBe(0);
  });

  it('have the groups that are used', () => {
    const uses = (expression: string, replacement: string) =>
      told(/^M3107/, rewriting(`regexp "${expression}" "${replacement}"`)).length;
    expect(uses('(.+)\\\\+(.+)@(.+)', '$1@$3')).toBe(0);
    expect(uses('(.+)@(?:a|b)', '$2')).toBe(1);
    expect(uses('(?P<user>.+)@x', '$' + '{user}@y')).toBe(0);
    expect(uses('(.+)@x', '$1x@y')).toBe(1);
    expect(uses('[(](.+)@x', '$1$$2')).toBe(0);
    expect(uses('x@(.+)', '$0')).toBe(0);
  });
});

describe('passwords', () => {
  it('are told where they stand, but not the place of a database', () => {
    const auth = (dsn: string) => ({
      top: `auth.pass_table users {\ntable sql_table {\ndriver postgres\ndsn "${dsn}"\ntable_name p\n}\n}\n`,
    });
    const body = 'auth &users';
    expect(told(/^M6108/, body, auth('credentials.db'))).toEqual([]);
    expect(told(/^M6108/, body, auth('host=db user=maddy'))).toEqual([]);
    expect(told(/^M6108/, body, auth('host=db password=hunter2'))).toHaveLength(1);
    expect(told(/^M6108/, body, auth('host=db password={env:DB_PASSWORD}'))).toEqual([]);
  });
});

describe('a relay over implicit TLS', () => {
  const relay = (lines: string) => ({ top: `target.smtp relay {\n${lines}\n}\n` });
  const says = (lines: string) =>
    told(/^M7111/, 'destination example.net {\ndeliver_to &relay\n}', relay(lines)).length;

  it.each([
    ['targets tls://mx.example.net:465', 1],
    ['targets tls://{env:RELAY}:465\nstarttls yes', 1],
    ['targets tls://mx.example.net:465\nstarttls no', 0],
    ['targets tls://mx.example.net:465\nattempt_starttls no', 0],
    ['targets tls://mx.example.net:465\nstarttls no\nattempt_starttls yes', 1],
    ['targets tcp://mx.example.net:587', 0],
  ])('%j: %i', (lines, count) => {
    expect(says(lines)).toBe(count);
  });
});

describe('a queue', () => {
  const says = (lines: string) =>
    told(/^M5109/, 'destination example.net {\ndeliver_to &q\n}', {
      top: `target.queue q {\ntarget dummy\nautogenerated_msg_domain example.org\nbounce {\ndeliver_to dummy\n}\n${lines}\n}\n`,
    });

  it.each([
    ['', []],
    ['max_tries 20', []],
    ['max_tries 1', ['M5109 9:1-9:12 this queue tries once and never again']],
    ['max_tries 5', ['M5109 9:1-9:12 this queue gives up after 5 tries in 60 min']],
    ['max_tries 40', ['M5109 9:1-9:13 this queue gives up after 40 tries in 251 days']],
    ['retry_time_scale inf', ['M5109 9:1-9:21 this queue never tries a second time']],
  ])('%j: %j', (lines, expected) => {
    expect(says(lines)).toEqual(expected);
  });
});

describe('what is told about maddy, other programs and old names', () => {
  it('differences in behaviour', () => {
    const checks =
      'check {\ndnsbl dnsbl.example.org\nmilter unix:///run/m {\nfail_open yes\n}\nrspamd {\nreject_action quarantine\n}\n}';
    expect(told(/^M9301/, checks)).toEqual([
      'M9301 5:1-5:24 in maddy 0.9.4 lists that are named after dnsbl score 0: nobody is blocked by them',
      'M9301 7:1-7:14 in maddy 0.9.4 fail_open does not help when the milter cannot be connected to: mail is refused',
      'M9301 10:1-10:25 maddy 0.9.4 refuses what rspamd wants rejected, whatever reject_action says',
    ]);
  });

  it('directives without effect', () => {
    const top =
      'auth_domains example.org\ntarget.smtp relay {\ntargets tcp://127.0.0.1:26\nrequire_tls yes\nattempt_starttls no\n}\n';
    expect(told(/^M2121/, 'destination example.net {\ndeliver_to &relay\n}', { top })).toEqual([
      'M2121 3:1-3:13 auth_domains has no effect',
      'M2121 6:1-6:12 require_tls has no effect',
      'M2121 7:1-7:17 attempt_starttls is the old name of starttls',
    ]);
  });

  it('sockets for something else', () => {
    const auth = (path: string) => told(/^M5114/, `auth dovecot_sasl unix://${path}`).length;
    expect(['/run/dovecot/lmtp', '/run/dovecot/auth-master', '/run/dovecot/auth-userdb'].map(auth)).toEqual([1, 1, 1]);
    expect(['/run/dovecot/auth-client', '/run/dovecot/auth-maddy-client', '/run/dovecot/auth'].map(auth)).toEqual([
      0, 0, 0,
    ]);
  });
});

describe('addresses whose port is a variable', () => {
  const submission = (address: string): string => `submission ${address} {\n auth pam\n deliver_to dummy\n}\n`;

  it('are judged by what is known of them', () => {
    const text = `hostname mx.example.org\ntls off\n${submission('tcp://0.0.0.0:{env:A}')}${submission('tcp://0.0.0.0:{env:A}')}${submission('tcp://0.0.0.0:{env:B}')}`;
    expect(findingLines(analyseText(text)).filter((line) => /^M(6103|6112|4110)/.test(line))).toEqual([
      'M6103 2:1-2:8 passwords may be sent to tcp://0.0.0.0:{env:A} in clear text',
      'M6103 2:1-2:8 passwords may be sent to tcp://0.0.0.0:{env:B} in clear text',
      'M6112 3:1-3:11 submission on tcp://0.0.0.0:{env:A} has no limits',
      'M6112 7:1-7:11 submission on tcp://0.0.0.0:{env:A} has no limits',
      'M4110 7:12-7:33 tcp://0.0.0.0:{env:A} is taken already',
      'M6112 11:1-11:11 submission on tcp://0.0.0.0:{env:B} has no limits',
    ]);
  });

  it('are not judged where more than that is unknown', () => {
    const text = `hostname mx.example.org\ntls off\n${submission('tcp://{env:HOST}:587')}${submission('tcp://0.0.0.0:{env:A}{env:B}')}`;
    expect(findingLines(analyseText(text)).filter((line) => /^M(6103|6112|4110)/.test(line))).toEqual([]);
  });
});

describe('DMARC', () => {
  const settings = (report: string) => ({ top: `dmarc_policy_search tree_walk\ndmarc_report_data ${report}\n` });

  it('is not there for settings of it', () => {
    expect(told(/^M8109/, '', settings('yes'))).toEqual([
      'M8109 3:1-3:30 no DMARC policy is looked up: no endpoint has dmarc yes',
      'M8109 4:1-4:22 nothing is counted for DMARC reports: no endpoint has dmarc yes',
    ]);
    expect(told(/^M8109/, '', settings('no'))).toHaveLength(1);
    expect(told(/^M8109/, 'dmarc yes', settings('yes'))).toEqual([]);
  });
});
