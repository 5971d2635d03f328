import { diagnose } from '../../diagnostics/diagnose.ts';
import type { Code } from '../../diagnostics/diagnostic.ts';
import { listener } from '../../ir/codes/sample.ts';
import type { RouteDelivery } from '../../routing/explain/request.ts';
import type { Rule } from '../rule.ts';
import { pathOf, placeAt } from './place.ts';

const delivered = (more: string): string =>
  `target.smtp mailboxes {\n    targets tcp://127.0.0.1:2526\n}\n${listener(`deliver_to &mailboxes\n${more}`)}`;

const code: Code = {
  code: 'M5107',
  name: 'reroute-same-storage',
  severity: 'warning',
  summary: 'a message comes to the same mailbox twice',
  page: () => ({
    docs: 'A recipient is delivered to the same target by two ways, mostly once directly and once by `reroute`: the mailbox gets the message twice, or the target refuses the second one. Remove one of the two.',
    invalid: delivered('reroute {\n    deliver_to &mailboxes\n}'),
    valid: delivered(''),
  }),
};

export const sameStorageTwice: Rule = {
  code,
  *check({ routing, files }) {
    if (routing === null) return;
    const told = new Set<string>();
    for (const way of routing.survey().ways) {
      const twice = repeated(way.deliveries);
      if (twice === null || told.has(twice.at.join(' '))) continue;
      told.add(twice.at.join(' '));
      const target = twice.name === null ? twice.target : `&${twice.name}`;
      const last = way.steps.findLast((step) => step.kind === 'deliver');
      yield diagnose(
        code,
        `mail for ${twice.recipient} comes to ${target} twice`,
        placeAt(files, last?.at ?? twice.at),
        {
          details: ['The mailbox gets the message twice, or the second one is refused. Remove one of the two ways.'],
          related: pathOf(files, way),
        },
      );
    }
  },
};

function repeated(deliveries: readonly RouteDelivery[]): RouteDelivery | null {
  const seen = new Set<string>();
  for (const delivery of deliveries) {
    const key = `${delivery.at.join(' ')} ${delivery.recipient}`;
    if (seen.has(key) && delivery.scope !== 'relay') return delivery;
    seen.add(key);
  }
  return null;
}
