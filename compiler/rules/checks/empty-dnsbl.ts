import type { Code } from '../../diagnostics/diagnostic.ts';
import { listener } from '../../ir/codes/sample.ts';
import { modulesNamed } from '../../ir/walk.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';
import { zonesOf } from './dnsbl-zones.ts';

const code: Code = {
  code: 'M8105',
  name: 'empty-dnsbl',
  severity: 'warning',
  summary: 'dnsbl without any list',
  page: () => ({
    docs: 'The check asks lists in the DNS whether a client is known for spam. Without a list it asks nobody and lets everybody pass. Name a list in its block, or remove it.',
    invalid: listener('check {\n    dnsbl {\n        reject_threshold 1\n    }\n}\ndeliver_to dummy'),
    valid: listener('deliver_to dummy'),
  }),
};

export const emptyDnsbl: Rule = {
  code,
  *check({ inventory }) {
    for (const module of modulesNamed(inventory, 'check.dnsbl')) {
      if (zonesOf(module).length > 0 || module.config.get('lists')?.unreadable) continue;
      yield report(code, module.header.origin, 'dnsbl asks no list', {
        details: [
          'Every client passes. Name a list in its block, with what is looked up: client_ipv4 yes; or remove dnsbl.',
        ],
      });
    }
  },
};
