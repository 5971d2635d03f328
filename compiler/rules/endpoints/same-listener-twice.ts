import type { Endpoint } from '../../catalog/values/endpoint.ts';
import { isIpv4 } from '../../catalog/values/network.ts';
import type { Code, Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { ExpandedArg } from '../../expand/expanded.ts';
import { listener } from '../../ir/codes/sample.ts';
import type { ConfiguredAddress } from '../configured-address.ts';
import { relatedAt, report } from '../report.ts';
import type { Rule } from '../rule.ts';

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
  *check({ addresses }) {
    const taken = new Map<string, ConfiguredAddress>();
    for (const address of addresses) {
      // Port 0 is a free port each time.
      if (address.role !== 'listen' || address.endpoint.port === '0') continue;
      const keys = keysOf(address.endpoint);
      const earlier = keys.asks.map((key) => taken.get(key)).find((each) => each !== undefined);
      if (earlier !== undefined) yield shared(address.word, earlier);
      else for (const key of keys.takes) if (!taken.has(key)) taken.set(key, address);
    }
  },
};

interface Keys {
  readonly takes: readonly string[];
  /** Somebody who has taken one of these is in the way. */
  readonly asks: readonly string[];
}

/** `0.0.0.0` and `[::]` stand for every address of their kind, no host for both. */
function keysOf({ network, address, host, port }: Endpoint): Keys {
  if (network === 'unix') return { takes: [address], asks: [address] };
  const kinds = host === '' ? ['4', '6'] : [isIpv4(host) ? '4' : '6'];
  const isWhole = host === '' || host === '0.0.0.0' || host === '::';
  const own = `${network} ${address}`;
  const whole = kinds.map((kind) => `${network} whole ${kind} ${port}`);
  const some = kinds.map((kind) => `${network} some ${kind} ${port}`);
  return isWhole
    ? { takes: [own, ...whole, ...some], asks: [own, ...some] }
    : { takes: [own, ...some], asks: [own, ...whole] };
}

function shared(address: ExpandedArg, { word, endpoint }: ConfiguredAddress): Diagnostic {
  const isSame = word.value.replace(/^\w+:/, '') === address.value.replace(/^\w+:/, '');
  return report(code, address.origin, `${address.value} is taken already`, {
    details: [
      isSame
        ? 'Only one endpoint can listen on an address. maddy starts all the same, and only the first one ever answers.'
        : `${word.value} takes connections to ${endpoint.host === '::' ? 'every IPv6' : 'every'} address of the host: the server fails to start, or one of the two never answers.`,
      'Give one of the two another port or address.',
    ],
    related: [relatedAt(word.origin, 'an endpoint listens there already')],
  });
}
