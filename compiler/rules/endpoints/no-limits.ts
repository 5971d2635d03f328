import { isIpAddress, isLoopback } from '../../catalog/values/network.ts';
import type { Code } from '../../diagnostics/diagnostic.ts';
import { isMisspelt } from '../../ir/misspelt.ts';
import { modulesNamed } from '../../ir/walk.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

const smtp = (lines: string) =>
  `hostname mx.example.org\ntls off\nsmtp tcp://0.0.0.0:2525 {\n${lines}    deliver_to dummy\n}\n`;

const code: Code = {
  code: 'M6112',
  name: 'no-limits',
  severity: 'info',
  summary: 'an endpoint that anybody may reach, without limits',
  page: () => ({
    docs: 'Without `limits` one client can hold as many connections and send as many messages as it likes; a stolen password or a broken script then fills the queue, and your address ends on block lists. `all rate` and `all concurrency` bound everybody together, `ip` and `source` one client or sender domain.',
    invalid: smtp(''),
    valid: smtp('    limits {\n        all rate 20 1s\n        all concurrency 10\n    }\n'),
  }),
};

export const noLimits: Rule = {
  code,
  *check({ inventory, addresses }) {
    for (const endpoint of modulesNamed(inventory, 'smtp', 'submission')) {
      const open = addresses
        .of(endpoint, 'listen')
        .find(({ endpoint: { host } }) => isIpAddress(host) && !isLoopback(host));
      if (open === undefined || endpoint.config.has('limits')) continue;
      if (isMisspelt(endpoint.entry, endpoint.header.block, 'limits')) continue;
      yield report(code, endpoint.header.origin, `${endpoint.entry.name} on ${open.word.value} has no limits`, {
        details: [
          'One client can take all connections and send without end, also with a stolen password.',
          'Add a limits block, for example with the line: all rate 20 1s',
        ],
      });
    }
  },
};
