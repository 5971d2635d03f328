import { diagnose } from '../../diagnostics/diagnose.ts';
import type { Code } from '../../diagnostics/diagnostic.ts';
import { shortName } from '../../routing/explain/request.ts';
import type { Rule } from '../rule.ts';
import { pathOf, placeAt } from './place.ts';
import { withOutgoing } from './sample.ts';

const leaving = (target: string): string =>
  withOutgoing(
    `insecure_auth yes\nauth dovecot_sasl unix:///run/dovecot/auth-client\ncheck {\n    authorize_sender\n}\ndestination example.net {\n    deliver_to &outgoing\n}\ndefault_destination {\n    deliver_to ${target}\n}`,
    'submission tcp://127.0.0.1:2525',
  );

const code: Code = {
  code: 'M5103',
  name: 'remote-without-queue',
  severity: 'warning',
  summary: 'mail leaves for other hosts without a queue',
  page: () => ({
    docs: 'Without a `target.queue` in between, the client waits while the other server is asked, and nothing is tried again: when the other server is away for a minute, the mail program of the user shows an error. Put a queue in front: `target.queue NAME { target … }`.',
    invalid: leaving('remote'),
    valid: leaving('&outgoing'),
  }),
};

export const remoteWithoutQueue: Rule = {
  code,
  *check({ routing, files }) {
    if (routing === null) return;
    const told = new Set<string>();
    for (const way of routing.survey().ways) {
      const { entrance } = way.traffic;
      // What speaks LMTP to us has a queue of its own (RFC 2033 1).
      if (entrance.module.module === 'lmtp') continue;
      for (const delivery of way.deliveries) {
        if (delivery.scope !== 'relay' || delivery.via.length > 0) continue;
        const key = `${entrance.name} ${delivery.at.join(' ')}`;
        if (told.has(key)) continue;
        told.add(key);
        const step = way.steps.findLast((each) => each.kind === 'deliver');
        const target = delivery.name === null ? shortName({ module: delivery.target }) : `&${delivery.name}`;
        yield diagnose(
          code,
          `${entrance.name} delivers straight to ${target}, without a queue`,
          placeAt(files, step?.at ?? delivery.at),
          {
            details: [
              'The client waits for the other server, and nothing is tried again when that cannot be reached.',
              'Put a queue in between: target.queue NAME { target … }, and deliver_to &NAME.',
            ],
            related: pathOf(files, way),
          },
        );
      }
    }
  },
};
