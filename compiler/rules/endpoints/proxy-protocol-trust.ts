import { isLocal } from '../../catalog/values/endpoint.ts';
import type { Code } from '../../diagnostics/diagnostic.ts';
import { listener } from '../../ir/codes/sample.ts';
import { fieldsIn, isList } from '../../ir/ir.ts';
import { writtenFor } from '../../ir/written.ts';
import { firstValue } from '../property-values.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

const open = (line: string) =>
  listener(`${line}\ndeliver_to dummy`)
    .replace('127.0.0.1', '192.0.2.1')
    .replace('deliver_to', 'limits {\n        all rate 20\n    }\n    deliver_to');

const code: Code = {
  code: 'M7103',
  name: 'proxy-protocol-trust',
  severity: 'error',
  summary: 'anybody may claim any address through proxy_protocol',
  page: () => ({
    docs: 'The header of the PROXY protocol says where a client comes from. Without a list of proxies maddy believes it from anybody, so that a client can claim to be any address: block lists, SPF, limits and logs are all deceived. Name the addresses of your proxies.',
    invalid: open('proxy_protocol'),
    valid: open('proxy_protocol 192.0.2.7'),
  }),
};

export const proxyProtocolTrust: Rule = {
  code,
  *check({ program, addresses }) {
    for (const endpoint of program.endpoints) {
      const written = writtenFor(endpoint, 'proxy_protocol');
      const property = fieldsIn(firstValue(endpoint, 'proxy_protocol'));
      const isNamed = isList(property?.trust) && property.trust.length > 0;
      if (written === undefined || property === undefined || isNamed) continue;
      const open = addresses.of(endpoint, 'listen').some((each) => !isLocal(each.endpoint));
      yield report(code, written.origin, 'proxy_protocol trusts every client', {
        ...(open ? {} : { severity: 'warning' as const }),
        details: [
          'Whoever connects may claim any address: block lists, SPF, limits and logs are deceived.',
          'Name your proxies: proxy_protocol ADDRESS…, or trust ADDRESS… in its block.',
        ],
      });
    }
  },
};
