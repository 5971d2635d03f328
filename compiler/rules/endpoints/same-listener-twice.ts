import { isEndpointFault, parseEndpoint } from '../../catalog/values/endpoint.ts';
import { diagnose } from '../../diagnostics/diagnose.ts';
import type { Code, Diagnostic } from '../../diagnostics/diagnostic.ts';
import { provenance } from '../../diagnostics/provenance.ts';
import type { ExpandedArg } from '../../expand/expanded.ts';
import { listener } from '../../ir/codes/sample.ts';
import { placeOf } from '../../ir/finding.ts';
import type { Rule, RuleContext } from '../rule.ts';

const code: Code = {
  code: 'M4110',
  name: 'same-listener-twice',
  severity: 'error',
  summary: 'two endpoints on the same address',
  page: () => ({
    docs: 'Only one endpoint can listen on an address and port. maddy starts, but only the first of the two ever answers. Give one of them another port or address.',
    invalid: `${listener('deliver_to dummy')}smtp tcp://127.0.0.1:2525 {\n    reject\n}\n`,
    valid: `${listener('deliver_to dummy')}smtp tcp://127.0.0.1:2526 {\n    reject\n}\n`,
  }),
};

export const sameListenerTwice: Rule = {
  code,
  *check({ program }: RuleContext): Iterable<Diagnostic> {
    const taken = new Map<string, ExpandedArg>();
    for (const address of program.endpoints.flatMap((endpoint) => endpoint.addresses)) {
      const parsed = parseEndpoint(address.value, { udp: true });
      // Port 0 is a free port each time.
      if (isEndpointFault(parsed) || parsed.port === '0') continue;
      const key = `${parsed.network} ${parsed.address}`;
      const earlier = taken.get(key);
      if (earlier === undefined) taken.set(key, address);
      else yield shared(address, earlier);
    }
  },
};

function shared(address: ExpandedArg, earlier: ExpandedArg): Diagnostic {
  return diagnose(code, `${address.value} is taken already`, placeOf(address.origin), {
    details: [
      'Only one endpoint can listen on an address. maddy starts all the same, and only the first one ever answers.',
      'Give one of the two another port or address.',
    ],
    related: [
      { ...placeOf(earlier.origin), message: 'an endpoint listens there already' },
      ...provenance(address.origin),
    ],
  });
}
