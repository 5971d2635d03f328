import type { Code } from '../../diagnostics/diagnostic.ts';
import { listener } from '../../ir/codes/sample.ts';
import { modulesNamed } from '../../ir/walk.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';
import { zonesOf } from './dnsbl-zones.ts';

const code: Code = {
  code: 'M8104',
  name: 'dnsbl-public-resolver',
  severity: 'info',
  summary: 'a block list that does not answer public resolvers',
  page: () => ({
    docs: 'Spamhaus and others refuse questions that come from public resolvers (8.8.8.8, 1.1.1.1, that of a big provider): they answer 127.255.255.x. By default only answers in 127.0.0.0/24 count, so that the list then blocks nobody; with a wider `responses` it blocks everybody. Ask through a resolver of your own.',
    invalid: listener(
      'check {\n    dnsbl {\n        zen.spamhaus.org {\n            client_ipv4\n        }\n    }\n}\ndeliver_to dummy',
    ),
    valid: listener(
      'check {\n    dnsbl {\n        dnsbl.example.org {\n            client_ipv4\n        }\n    }\n}\ndeliver_to dummy',
    ),
  }),
};

export const dnsblPublicResolver: Rule = {
  code,
  *check({ inventory }) {
    for (const module of modulesNamed(inventory, 'check.dnsbl')) {
      const list = zonesOf(module).find((zone) => selective.test(zone));
      if (list === undefined) continue;
      yield report(code, module.header.origin, `${list} does not answer public resolvers`, {
        details: [
          'Through 8.8.8.8, 1.1.1.1 and the like it says nothing of use (127.255.255.x): spam passes as if it were not asked. Use a resolver of your own, for example unbound on this host.',
        ],
      });
    }
  },
};

/** Lists that say so on their pages. */
const selective = /(?:^|\.)(?:spamhaus\.(?:org|net)|uribl\.com|surbl\.org|barracudacentral\.org)\.?$/i;
