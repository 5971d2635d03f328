import { isEndpointFault, parseEndpoint } from '../../catalog/values/endpoint.ts';
import { diagnose } from '../../diagnostics/diagnose.ts';
import type { Code } from '../../diagnostics/diagnostic.ts';
import { listener } from '../../ir/codes/sample.ts';
import type { PlanEndpoint } from '../../plan/plan.ts';
import { isKept } from '../../routing/prove/proofs.ts';
import type { Rule } from '../rule.ts';
import { pathOf, placeAt } from './place.ts';
import { onlyLocal } from './sample.ts';

const receiving = (checks: string): string =>
  listener(`${checks}${onlyLocal}`).replace('tcp://127.0.0.1:2525', 'tcp://0.0.0.0:25');

const code: Code = {
  code: 'M8107',
  name: 'mx-without-checks',
  severity: 'warning',
  summary: 'mail from outside is taken without any check',
  page: () => ({
    docs: 'The endpoint takes mail from the whole Internet (port 25) and delivers it without looking at SPF, DKIM, a block list or a spam filter: forged mail of your bank looks like the real one. Add checks: `check { spf dkim }` and `dmarc yes`, a `dnsbl`, or `rspamd`.',
    invalid: receiving(''),
    valid: receiving('dmarc yes\ncheck {\n    spf\n    dkim\n}\n'),
  }),
};

export const mxWithoutChecks: Rule = {
  code,
  *check({ routing, files }) {
    if (routing === null) return;
    const told = new Set<object>();
    const receiving = new Set(routing.plan.endpoints.filter(listensForMail).map(({ at }) => at));
    if (receiving.size === 0) return;
    for (const way of routing.survey().ways) {
      const { entrance, auth } = way.traffic;
      if (auth !== null || told.has(entrance) || !receiving.has(entrance.module.at)) continue;
      if (entrance.exposure === 'host' || !isKept(way)) continue;
      told.add(entrance);
      if (way.steps.some((step) => step.kind === 'check')) continue;
      yield diagnose(
        code,
        `${entrance.name} takes mail from anywhere without any check`,
        placeAt(files, entrance.module.at),
        {
          details: [
            'Forged and unwanted mail comes to the mailboxes like any other.',
            'Add to the endpoint: dmarc yes, and check { spf dkim } with each on a line of its own; or rspamd, dnsbl, milter.',
          ],
          related: pathOf(files, way),
        },
      );
    }
  },
};

/** Other servers come to port 25 (RFC 5321 4.5.4.2). */
function listensForMail({ module, addresses }: PlanEndpoint): boolean {
  if (module !== 'smtp') return false;
  return addresses.some((address) => {
    if (!address.endsWith(':25')) return false;
    const endpoint = parseEndpoint(address);
    return !isEndpointFault(endpoint) && endpoint.port === '25';
  });
}
