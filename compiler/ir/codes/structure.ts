import type { Code } from '../../diagnostics/diagnostic.ts';
import { listener, withTarget } from './sample.ts';

/** How blocks, pipelines and endpoints are put together. */

export const cycle: Code = {
  code: 'M4105',
  name: 'cycle',
  severity: 'error',
  summary: 'blocks that lead to each other without end',
  page: () => ({
    docs: 'maddy accepts such a file and fails on the first message: pipelines that deliver to each other eat all memory, tables that ask each other crash the process, a queue that delivers to itself loses the mail. Break the circle at one of the references that the message lists.',
    invalid: withTarget('msgpipeline a {\n    deliver_to &b\n}\nmsgpipeline b {\n    deliver_to &a\n}', '&a'),
    valid: withTarget('msgpipeline a {\n    deliver_to &b\n}\nmsgpipeline b {\n    deliver_to dummy\n}', '&a'),
  }),
};

export const emptyPipeline: Code = {
  code: 'M4120',
  name: 'empty-pipeline',
  severity: 'error',
  summary: 'a pipeline or rule that says nothing about mail',
  page: () => ({
    docs: 'A pipeline must say what happens to each message: deliver it, reroute it or refuse it. maddy refuses to start otherwise. Write `deliver_to …` or `reject`.',
    invalid: listener('dmarc yes'),
    valid: listener('dmarc yes\ndeliver_to dummy'),
  }),
};

export const rulesAndHandlers: Code = {
  code: 'M4121',
  name: 'rules-beside-handlers',
  severity: 'error',
  summary: 'rules and handlers stand at the same level',
  page: () => ({
    docs: 'Where `source` or `destination` rules decide, `deliver_to`, `reroute` and `reject` cannot stand beside them: maddy refuses the mixture. Put what is for all other mail into `default_source { }` or `default_destination { }`.',
    invalid: listener('destination example.org {\n    deliver_to dummy\n}\nreject'),
    valid: listener('destination example.org {\n    deliver_to dummy\n}\ndefault_destination {\n    reject\n}'),
  }),
};

export const missingDefault: Code = {
  code: 'M4122',
  name: 'missing-default',
  severity: 'error',
  summary: 'rules without a default',
  page: () => ({
    docs: 'Rules must be completed by a default for everything that they do not match; maddy refuses to start without it. To refuse the rest, write `default_destination { reject 550 5.1.1 "User doesn\'t exist" }` (or `default_source { reject }`).',
    invalid: listener('destination example.org {\n    deliver_to dummy\n}'),
    valid: listener('destination example.org {\n    deliver_to dummy\n}\ndefault_destination {\n    reject\n}'),
  }),
};

export const duplicateDefault: Code = {
  code: 'M4123',
  name: 'duplicate-default',
  severity: 'error',
  summary: 'two defaults at one level',
  page: () => ({
    docs: 'A level has one default block; maddy refuses a second one. Merge the two.',
    invalid: listener(
      'destination example.org {\n    deliver_to dummy\n}\ndefault_destination {\n    reject\n}\ndefault_destination {\n    deliver_to dummy\n}',
    ),
    valid: listener('destination example.org {\n    deliver_to dummy\n}\ndefault_destination {\n    reject\n}'),
  }),
};

export const ruleWithoutAddress: Code = {
  code: 'M4124',
  name: 'rule-without-address',
  severity: 'error',
  summary: 'a rule that names nothing to match',
  page: () => ({
    docs: '`source` and `destination` need at least one domain or address. If a macro stands there, it is not defined or defined below: it expands to nothing. To match everything, use `default_source` or `default_destination`.',
    invalid: listener('destination {\n    deliver_to dummy\n}\ndefault_destination {\n    reject\n}'),
    valid: listener('destination example.org {\n    deliver_to dummy\n}\ndefault_destination {\n    reject\n}'),
  }),
};

export const invalidRule: Code = {
  code: 'M4125',
  name: 'invalid-rule',
  severity: 'error',
  summary: 'a rule that is neither an address nor a domain',
  page: () => ({
    docs: 'A match rule is an address (`user@example.org`), a domain (`example.org`) or the word `postmaster`. maddy refuses anything that cannot be one of them.',
    invalid: listener('destination @example.org {\n    deliver_to dummy\n}\ndefault_destination {\n    reject\n}'),
    valid: listener('destination example.org {\n    deliver_to dummy\n}\ndefault_destination {\n    reject\n}'),
  }),
};

export const rejectAndDeliver: Code = {
  code: 'M4126',
  name: 'reject-and-deliver',
  severity: 'error',
  summary: 'reject and deliver_to in one block',
  page: () => ({
    docs: 'A recipient is either refused or delivered; maddy refuses a block that says both. Split the rule, or remove one of the two.',
    invalid: listener('deliver_to dummy\nreject'),
    valid: listener('deliver_to dummy'),
  }),
};

export const misplacedDirective: Code = {
  code: 'M4127',
  name: 'misplaced-directive',
  severity: 'error',
  summary: 'a pipeline directive at a level where it cannot stand',
  page: () => ({
    docs: 'Pipelines have three levels: the endpoint (or `msgpipeline`, `reroute`, `bounce`) holds `source` rules, a source holds `destination` rules, a destination holds `deliver_to`, `reroute` or `reject`. Each level may be left out, but not swapped; `dmarc` stands at the outermost level only. maddy refuses to start.',
    invalid: listener(
      'destination example.org {\n    source example.net {\n        reject\n    }\n    deliver_to dummy\n}\ndefault_destination {\n    reject\n}',
    ),
    valid: listener('source example.net {\n    reject\n}\ndefault_source {\n    deliver_to dummy\n}'),
  }),
};

export const noEndpoint: Code = {
  code: 'M4128',
  name: 'no-endpoint',
  severity: 'error',
  summary: 'a configuration without any endpoint',
  page: () => ({
    docs: 'Nothing listens, so maddy refuses to start. A configuration needs at least one of `smtp`, `submission`, `lmtp`, `imap`, `dovecot_sasld`, `openmetrics`. If this file is imported by another one, check that one.',
    invalid: 'hostname mx.example.org\n',
    valid: listener('deliver_to dummy'),
  }),
};

export const listenAddress: Code = {
  code: 'M4129',
  name: 'listen-address',
  severity: 'error',
  summary: 'an address that cannot be listened on',
  page: () => ({
    docs: 'maddy listens on IP addresses and UNIX sockets. A host name, an empty host or a port that does not exist passes its checks and fails at start. Write the address of an interface, `0.0.0.0` or `[::]` for all.',
    invalid: 'hostname mx.example.org\ntls off\nsmtp tcp://mx.example.org:2525 {\n    deliver_to dummy\n}\n',
    valid: listener('deliver_to dummy'),
  }),
};

export const listensNowhere: Code = {
  code: 'M4130',
  name: 'listens-nowhere',
  severity: 'warning',
  summary: 'an endpoint without an address',
  page: () => ({
    docs: 'maddy accepts an endpoint without addresses; it then listens nowhere. Add an address (`tcp://0.0.0.0:25`), or remove the block.',
    invalid: 'hostname mx.example.org\ntls off\nsmtp {\n    deliver_to dummy\n}\n',
    valid: listener('deliver_to dummy'),
  }),
};

export const bounceCycle: Code = {
  code: 'M4131',
  name: 'bounce-cycle',
  severity: 'info',
  summary: 'bounces of a queue go through the same queue',
  page: () => ({
    docs: 'Bounces of this queue are put into the queue itself. That ends: a bounce has the null sender, and what cannot be delivered from the null sender is not bounced again. It means that an undeliverable bounce takes the whole life of the queue before it is dropped.',
    invalid: withTarget(
      'target.queue outbound {\n    target dummy\n    autogenerated_msg_domain example.org\n    bounce {\n        deliver_to &outbound\n    }\n}',
      '&outbound',
    ),
    valid: withTarget(
      'target.queue outbound {\n    target dummy\n    autogenerated_msg_domain example.org\n    bounce {\n        deliver_to dummy\n    }\n}',
      '&outbound',
    ),
  }),
};

export const duplicatePolicy: Code = {
  code: 'M4132',
  name: 'duplicate-policy',
  severity: 'error',
  summary: 'an MX policy given twice',
  page: () => ({
    docs: 'Each policy may stand once in `mx_auth`; maddy refuses a second one. Merge the two.',
    invalid: withTarget('target.remote out {\n    mx_auth {\n        dane\n        dane\n    }\n}', '&out'),
    valid: withTarget('target.remote out {\n    mx_auth {\n        dane\n    }\n}', '&out'),
  }),
};

export const ignoredArguments: Code = {
  code: 'M4133',
  name: 'ignored-dmarc',
  severity: 'warning',
  summary: 'dmarc with several arguments has no effect',
  page: () => ({
    docs: 'maddy reads `dmarc` with two or more arguments without acting on it: DMARC stays as it was, usually off. Write `dmarc yes`.',
    invalid: listener('dmarc yes please\ndeliver_to dummy'),
    valid: listener('dmarc yes\ndeliver_to dummy'),
  }),
};
