import { defineModule } from '../define.ts';
import { maddyOnly } from '../dialects.ts';
import { ownDebug } from '../shared/debug.ts';

export const checkDnsbl = defineModule({
  name: 'check.dnsbl',
  kind: 'check',
  implements: ['check', 'early_check'],
  reportedName: 'dnsbl',
  doc: 'Looks the client up in DNS block/allow lists and sums scores.',
  dialects: maddyOnly,
  inlineArgs: {
    rule: 'positional',
    args: [
      {
        name: 'zone',
        type: 'string',
        into: 'zones',
        doc: 'Zones with the default settings (IPv4 clients only).',
        repeated: true,
      },
    ],
    combine: 'fallback',
  },
  unknown: {
    block: 'dnsbl_list',
    into: 'lists',
    doc: 'Any other directive name is a list zone; its arguments are more zones sharing the settings.',
    snippet: `\${1:dnsbl.example.org} {
    client_ipv4
}`,
  },
  directives: {
    debug: ownDebug,
    check_early: {
      type: 'bool',
      default: false,
      doc: 'Run at connection time, before any command is answered; rejects there.',
    },
    quarantine_threshold: { type: 'int', default: 1, doc: 'Score at which messages are quarantined.' },
    reject_threshold: { type: 'int', default: 9999, doc: 'Score at which messages are rejected.' },
  },
  runtime: true,
  docPage: 'checks/dnsbl.md',
  example: `check {
    dnsbl {
        reject_threshold 3
        bl.example.org {
            client_ipv4
            score 1
        }
    }
}`,
  notes: [
    'Because unknown names are zones, a mistyped directive such as "reject_treshold 5" becomes a list zone and is accepted.',
    'Zone names must still be valid directive names, so they cannot start with a digit.',
    'client_ipv4 and client_ipv6 default to yes inside a zone block; an inline-argument zone uses client_ipv4 only.',
  ],
});
