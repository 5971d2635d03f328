import type { Code } from '../../diagnostics/diagnostic.ts';
import { listener, withTarget } from './sample.ts';

/** Arguments and values. */

export const valueShape: Code = {
  code: 'M3106',
  name: 'value-shape',
  severity: 'error',
  summary: 'a value that is not of the form that the directive takes',
  page: () => ({
    docs: 'maddy cannot read the value and refuses to start. The message names the forms that are accepted: sizes have a unit (`32M`), durations too (`5m`, `1h30m`), yes-or-no values are `yes` or `no`, addresses have a scheme and a port (`tcp://127.0.0.1:25`).',
    invalid: listener('max_message_size 10MB\ndeliver_to dummy'),
    valid: listener('max_message_size 10M\ndeliver_to dummy'),
  }),
};

export const argumentCount: Code = {
  code: 'M3110',
  name: 'argument-count',
  severity: 'error',
  summary: 'too few or too many arguments',
  page: () => ({
    docs: 'The directive takes another number of arguments, and maddy refuses to start. A missing argument may be an undefined macro, which vanishes; a surplus one may be a text with blanks that lacks its quotes.',
    invalid: listener('max_recipients 10 20\ndeliver_to dummy'),
    valid: listener('max_recipients 10\ndeliver_to dummy'),
  }),
};

export const blockNotAllowed: Code = {
  code: 'M3111',
  name: 'block-not-allowed',
  severity: 'error',
  summary: 'a block after a directive that takes none',
  page: () => ({
    docs: 'The directive is a single value; maddy refuses a block there. Perhaps a line break or the name of the outer block is missing.',
    invalid: listener('max_recipients 10 {\n    deliver_to dummy\n}\ndeliver_to dummy'),
    valid: listener('max_recipients 10\ndeliver_to dummy'),
  }),
};

export const outOfRange: Code = {
  code: 'M3112',
  name: 'value-out-of-range',
  severity: 'error',
  summary: 'a number that cannot work',
  page: () => ({
    docs: 'maddy reads the number without looking at its size: a negative limit crashes it, a size beyond 8 EiB becomes a negative one, and nobody can be reached on a port that there is not. Write a number in the range that the message names.',
    invalid: listener('limits {\n    all concurrency -1\n}\ndeliver_to dummy'),
    valid: listener('limits {\n    all concurrency 10\n}\ndeliver_to dummy'),
  }),
};

export const relativePath: Code = {
  code: 'M3113',
  name: 'relative-path',
  severity: 'error',
  summary: 'a relative path where an absolute one is needed',
  page: () => ({
    docs: 'maddy changes its directory after start, so that this path must be written from the root. It refuses to start otherwise.',
    invalid: `state_dir state\n${listener('deliver_to dummy')}`,
    valid: `state_dir /var/lib/maddy\n${listener('deliver_to dummy')}`,
  }),
};

export const badExpression: Code = {
  code: 'M3114',
  name: 'bad-expression',
  severity: 'error',
  summary: 'a regular expression that cannot be read',
  page: () => ({
    docs: 'The expression is not valid in Go’s syntax (RE2), and maddy refuses to start. RE2 has no look-ahead, no look-behind and no back references.',
    invalid: listener('modify {\n    replace_rcpt regexp "(.+@example.org" "$1"\n}\ndeliver_to dummy'),
    valid: listener('modify {\n    replace_rcpt regexp "(.+)@example.org" "$1@example.net"\n}\ndeliver_to dummy'),
  }),
};

export const badHostname: Code = {
  code: 'M3115',
  name: 'bad-hostname',
  severity: 'error',
  summary: 'a host name that has no form for DNS',
  page: () => ({
    docs: 'The name goes into greetings and header fields in its ASCII form; a label that begins with `xn--` but is no punycode has none, and maddy refuses to start. Control characters would break the lines that it stands in.',
    invalid: 'hostname xn--0.example.org\ntls off\nsmtp tcp://127.0.0.1:2525 {\n    deliver_to dummy\n}\n',
    valid: listener('deliver_to dummy'),
  }),
};

export const noInlineArguments: Code = {
  code: 'M3116',
  name: 'no-arguments-expected',
  severity: 'error',
  summary: 'arguments for a module that takes none',
  page: () => ({
    docs: 'This module is set up by directives in its block only; maddy refuses arguments after its name. Move them into the block.',
    invalid: listener('check {\n    dkim fail\n}\ndeliver_to dummy'),
    valid: listener('check {\n    dkim\n}\ndeliver_to dummy'),
  }),
};

export const missingPart: Code = {
  code: 'M3117',
  name: 'missing-part',
  severity: 'error',
  summary: 'a module lacks a part that can be given in several ways',
  page: () => ({
    docs: 'The module needs this value, as an argument or as a directive, and has neither. maddy refuses to start.',
    invalid: withTarget('target.lmtp mailboxes {\n}', '&mailboxes'),
    valid: withTarget('target.lmtp mailboxes {\n    targets unix:///run/dovecot/lmtp\n}', '&mailboxes'),
  }),
};

export const conflict: Code = {
  code: 'M3118',
  name: 'conflicting-directives',
  severity: 'error',
  summary: 'values that exclude each other',
  page: () => ({
    docs: 'Each of the values is fine, but not together; maddy refuses to start. The message says which one to keep.',
    invalid: `${listener('deliver_to dummy')}submission tcp://127.0.0.1:5870 {\n    auth ldap {\n        urls ldap://127.0.0.1\n        dn_template "uid={username}"\n        base_dn "dc=example,dc=org"\n    }\n    deliver_to dummy\n}\n`,
    valid: `${listener('deliver_to dummy')}submission tcp://127.0.0.1:5870 {\n    auth ldap {\n        urls ldap://127.0.0.1\n        dn_template "uid={username}"\n    }\n    deliver_to dummy\n}\n`,
  }),
};
