import type { Code } from '../../diagnostics/diagnostic.ts';
import { listener, withTarget } from './sample.ts';

/** Names of modules, directives and blocks. */

export const unknownName: Code = {
  code: 'M2101',
  name: 'unknown-name',
  severity: 'error',
  summary: 'a directive or module that does not exist here',
  page: () => ({
    docs: 'maddy does not know this name at this place and refuses to start, so no mail moves at all. Names depend on where they stand: inside `check { }` the prefix `check.` is implied, at the top level it must be written. Compare the spelling, or look the name up in the reference.',
    invalid: listener('deliver_to dummy\nmax_mesage_size 10M'),
    valid: listener('deliver_to dummy\nmax_message_size 10M'),
  }),
};

export const undefinedReference: Code = {
  code: 'M2102',
  name: 'undefined-reference',
  severity: 'error',
  summary: 'a reference to a block that is not there',
  page: () => ({
    docs: '`&name` stands for a block at the top level of the file, `MODULE name { … }`. There is none of this name, so maddy refuses to start (with "no such instance registered", without saying which name or line). Write the name of a block that exists, or add the block.',
    invalid: listener('deliver_to &local_mailboxes'),
    valid: withTarget('target.lmtp local_mailboxes {\n    targets unix:///run/dovecot/lmtp\n}', '&local_mailboxes'),
  }),
};

export const wrongKind: Code = {
  code: 'M2103',
  name: 'reference-wrong-kind',
  severity: 'error',
  summary: 'a module of the wrong kind for this place',
  page: () => ({
    docs: 'Each place needs a certain kind of module: `deliver_to` a delivery target, `auth` an authentication provider, `destination_in` a table. This one is something else, and maddy refuses to start. Name a module or block of the right kind.',
    invalid: withTarget('table.chain aliases {\n}', '&aliases'),
    valid: withTarget('target.lmtp mailboxes {\n    targets unix:///run/dovecot/lmtp\n}', '&mailboxes'),
  }),
};

export const globalReference: Code = {
  code: 'M2104',
  name: 'global-tls-reference',
  severity: 'error',
  summary: 'a global directive that refers to a block (maddy only)',
  page: () => ({
    docs: 'maddy 0.9.4 reads all global directives before it knows any block, so that `tls &name` or `auth_map &name` at the top level can never work there. maddyc resolves it; this is said only by `--as maddy-0.9.4`. Write the module in place, or repeat the reference in each endpoint.',
    invalid:
      'hostname mx.example.org\ntls &certificates\ntls.loader.self_signed certificates {\n}\nsmtp tcp://127.0.0.1:2525 {\n    deliver_to dummy\n}\n',
    valid: 'hostname mx.example.org\ntls self_signed\nsmtp tcp://127.0.0.1:2525 {\n    deliver_to dummy\n}\n',
  }),
};

export const nameNotRegistered: Code = {
  code: 'M2105',
  name: 'block-name-not-registered',
  severity: 'error',
  summary: 'a table that maddy files under another name (maddy only)',
  page: () => ({
    docs: 'maddy 0.9.4 files blocks of `table.static`, `table.regexp`, `table.identity` and the `table.email_…` modules under the name of the module, whatever name is written; a reference to the written name fails. maddyc knows both names; this is said only by `--as maddy-0.9.4`. Write the table in place, or as a `step` of a `table.chain` block, whose name works.',
    invalid: listener('destination_in &users {\n    deliver_to dummy\n}\ndefault_destination {\n    reject\n}').concat(
      'table.identity users {\n}\n',
    ),
    valid: listener('destination_in &users {\n    deliver_to dummy\n}\ndefault_destination {\n    reject\n}').concat(
      'table.chain users {\n    step identity\n}\n',
    ),
  }),
};

export const unusedBlock: Code = {
  code: 'M2106',
  name: 'unused-block',
  severity: 'error',
  summary: 'a block that nothing refers to',
  page: () => ({
    docs: 'No endpoint leads to this block. maddy refuses such a file ("unused configuration block"), without a line: often the reference was renamed and this block was forgotten, or the block was left behind when its use went away. Refer to it with `&name`, or remove it.',
    invalid: withTarget('target.lmtp old_mailboxes {\n    targets unix:///run/dovecot/lmtp\n}', 'dummy'),
    valid: withTarget('target.lmtp mailboxes {\n    targets unix:///run/dovecot/lmtp\n}', '&mailboxes'),
  }),
};

export const duplicateDirective: Code = {
  code: 'M2109',
  name: 'duplicate-directive',
  severity: 'error',
  summary: 'a directive that may stand once stands twice',
  page: () => ({
    docs: 'This directive holds one value, so maddy refuses a second one instead of choosing. Often the other one comes from an `import`. Keep the one that is meant.',
    invalid: listener('max_recipients 10\nmax_recipients 20\ndeliver_to dummy'),
    valid: listener('max_recipients 20\ndeliver_to dummy'),
  }),
};

export const oldName: Code = {
  code: 'M2110',
  name: 'removed-or-renamed',
  severity: 'error',
  summary: 'a name of an older release or tutorial',
  page: () => ({
    docs: 'Older releases of maddy, and many tutorials, use names that 0.9.4 does not know any more. It refuses to start. The message says what to write instead.',
    invalid: listener('check {\n    verify_dkim\n}\ndeliver_to dummy'),
    valid: listener('check {\n    dkim\n}\ndeliver_to dummy'),
  }),
};

export const specialBuild: Code = {
  code: 'M2111',
  name: 'needs-build-tag',
  severity: 'warning',
  summary: 'a module that normal builds of maddy do not have',
  page: () => ({
    docs: 'maddy knows this DNS provider only when it was built for it; the released binaries were not, and refuse the file. Build maddy with the tag that the message names, or move the zone to a provider that is built in: cloudflare, digitalocean, gandi, gcore, hetzner, namecheap, vultr.',
    invalid:
      'hostname mx.example.org\ntls {\n    loader acme {\n        hostname mx.example.org\n        agreed\n        challenge dns-01\n        dns acmedns {\n            username {env:ACMEDNS_USER}\n            password {env:ACMEDNS_PASSWORD}\n            subdomain x\n            server_url https://auth.acme-dns.io\n        }\n    }\n}\nsmtp tcp://127.0.0.1:2525 {\n    deliver_to dummy\n}\n',
    valid:
      'hostname mx.example.org\ntls {\n    loader acme {\n        hostname mx.example.org\n        agreed\n        challenge dns-01\n        dns cloudflare\n    }\n}\nsmtp tcp://127.0.0.1:2525 {\n    deliver_to dummy\n}\n',
  }),
};

export const argumentsIgnored: Code = {
  code: 'M2112',
  name: 'inline-name-ignored',
  severity: 'warning',
  summary: 'arguments that are read over',
  page: () => ({
    docs: 'A module that is written in place has no name, and this one takes no arguments: maddy reads over the words. Remove them; to give the module a name, write it as a block at the top level and refer to it with `&name`.',
    invalid: listener('check {\n    spf strict\n}\ndeliver_to dummy'),
    valid: listener('check {\n    spf\n}\ndeliver_to dummy'),
  }),
};

export const missingDirective: Code = {
  code: 'M2113',
  name: 'missing-directive',
  severity: 'error',
  summary: 'a directive that must be there is not',
  page: () => ({
    docs: 'The block cannot work without this directive, and maddy refuses to start. Some of them (`hostname`, `tls`) may also stand once at the top of the file for all blocks.',
    invalid: 'tls off\nsmtp tcp://127.0.0.1:2525 {\n    deliver_to dummy\n}\n',
    valid: listener('deliver_to dummy'),
  }),
};

export const duplicateBlock: Code = {
  code: 'M2114',
  name: 'duplicate-block-name',
  severity: 'error',
  summary: 'two blocks with one name',
  page: () => ({
    docs: 'References go by name, so each block needs its own; maddy refuses the second one. A block without a name goes by the name of its module.',
    invalid: withTarget(
      'target.lmtp mailboxes {\n    targets unix:///run/a\n}\ntarget.lmtp mailboxes {\n    targets unix:///run/b\n}',
      '&mailboxes',
    ),
    valid: withTarget('target.lmtp mailboxes {\n    targets unix:///run/a unix:///run/b\n}', '&mailboxes'),
  }),
};

export const blockAlias: Code = {
  code: 'M2115',
  name: 'block-alias',
  severity: 'error',
  summary: 'a block with several names (maddy only)',
  page: () => ({
    docs: 'maddy documents further names for a block but refuses every block that has one ("config block named … already exists"). maddyc accepts them; this is said only by `--as maddy-0.9.4`. Use one name. If the words were meant as arguments of the module: a named block takes none, write them as directives inside.',
    invalid: withTarget('target.lmtp mailboxes inbox {\n    targets unix:///run/dovecot/lmtp\n}', '&inbox'),
    valid: withTarget('target.lmtp mailboxes {\n    targets unix:///run/dovecot/lmtp\n}', '&mailboxes'),
  }),
};

export const referenceWithExtras: Code = {
  code: 'M2116',
  name: 'reference-with-extras',
  severity: 'error',
  summary: 'a reference with further arguments or a block',
  page: () => ({
    docs: '`&name` stands for a block that is configured where it is defined; nothing can be added at the reference, not even an empty `{ }`. Move the settings into the block, or write the module in place.',
    invalid: withTarget('target.lmtp mailboxes {\n    targets unix:///run/dovecot/lmtp\n}', '&mailboxes {\n    }'),
    valid: withTarget('target.lmtp mailboxes {\n    targets unix:///run/dovecot/lmtp\n}', '&mailboxes'),
  }),
};

export const notInMaddy: Code = {
  code: 'M2117',
  name: 'not-in-maddy',
  severity: 'error',
  summary: 'an extension that maddy does not have (maddy only)',
  page: () => ({
    docs: 'This module, or this directive, is part of maddyc only. maddy 0.9.4 refuses a file that uses it; this is said only by `--as maddy-0.9.4`.',
    invalid: withTarget('target.maildir mailboxes {\n    path mail/{address}\n}', '&mailboxes'),
    valid: withTarget('target.lmtp mailboxes {\n    targets unix:///run/dovecot/lmtp\n}', '&mailboxes'),
  }),
};

export const nameFromEnvironment: Code = {
  code: 'M2118',
  name: 'name-from-environment',
  severity: 'error',
  summary: 'a module or block whose name comes from the environment',
  page: () => ({
    docs: 'Names must be known when the configuration is compiled: a plan keeps `{env:…}` references and resolves only values at `run`. Compile with `--embed-env`, or write the name.',
    invalid: listener('deliver_to {env:TARGET}'),
    valid: listener('deliver_to dummy'),
  }),
};

export const emptyName: Code = {
  code: 'M2119',
  name: 'empty-block-name',
  severity: 'error',
  summary: 'a block or reference with an empty name',
  page: () => ({
    docs: 'maddy crashes on a block named `""` and on a bare `&`. Usually an environment variable is empty or a macro is not defined. Give the block a name.',
    invalid: listener('deliver_to &'),
    valid: listener('deliver_to dummy'),
  }),
};

export const placeholder: Code = {
  code: 'M2120',
  name: 'placeholder-left',
  severity: 'error',
  summary: '"..." left over from documentation',
  page: () => ({
    docs: 'Guides write `...` where something was left out. maddy takes it for a name or value and refuses the file, or worse, uses it. Put in what was meant.',
    invalid: listener('...\ndeliver_to dummy'),
    valid: listener('deliver_to dummy'),
  }),
};
