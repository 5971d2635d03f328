import { diagnose } from '../../diagnostics/diagnose.ts';
import type { Code } from '../../diagnostics/diagnostic.ts';
import type { AddressClass } from '../../routing/prove/address-class.ts';
import { isFavoured, isKept, isRelayed, relayOf } from '../../routing/prove/proofs.ts';
import type { Rule } from '../rule.ts';
import { asWritten, commandFor, pathOf, placeAt } from './place.ts';
import { withOutgoing } from './sample.ts';

const domains = (taken: string): string =>
  `$(local_domains) = example.org example.net\n${withOutgoing(
    `insecure_auth yes\nauth dovecot_sasl unix:///run/dovecot/auth-client\ncheck {\n    authorize_sender\n}\ndestination ${taken} {\n    deliver_to dummy\n}\ndefault_destination {\n    deliver_to &outgoing\n}`,
    'submission tcp://127.0.0.1:2525',
    'smtp tcp://127.0.0.1:2526 {\n    destination postmaster $(local_domains) {\n        deliver_to dummy\n    }\n    default_destination {\n        reject\n    }\n}\n',
  )}`;

const code: Code = {
  code: 'M4108',
  name: 'local-domain-routed-out',
  severity: 'warning',
  summary: 'mail for a local domain leaves for other hosts',
  page: () => ({
    docs: 'The domain is one of `$(local_domains)` or `$(primary_domain)`, but its mail is sent to other hosts: those look its MX up, and the mail comes back here, goes in circles, or is refused. Name the domain in the `destination` rule that delivers to the local mailboxes.',
    invalid: domains('example.org'),
    valid: domains('$(local_domains)'),
  }),
};

export const localDomainRoutedOut: Rule = {
  code,
  *check({ routing, files }) {
    if (routing === null || routing.localDomains.length === 0) return;
    const { ways } = routing.survey();
    const kept = new Set(ways.filter(isKept).flatMap(({ traffic: { recipient } }) => domainsIn(recipient)));
    const told = new Set<string>();
    for (const way of ways) {
      const { recipient, entrance } = way.traffic;
      if (recipient.kind !== 'domain' || !recipient.local || !isRelayed(way) || isFavoured(way) || isKept(way))
        continue;
      const domain = domainsIn(recipient).find((each) => kept.has(each));
      const leaving = relayOf(way);
      const key = `${domain} ${entrance.name}`;
      if (domain === undefined || leaving === null || told.has(key)) continue;
      told.add(key);
      const name = asWritten(files, domain);
      const last = way.steps.findLast((step) => step.kind === 'deliver');
      yield diagnose(
        code,
        `mail for ${name} that comes in by ${entrance.name} leaves for other hosts`,
        placeAt(files, last?.at ?? leaving.at),
        {
          details: [
            `${name} is a local domain, and other mail for it is kept here: this mail goes out to its MX, and comes back, goes in circles or is refused.`,
            `Name ${name} in the destination rule that delivers to the local mailboxes.`,
            `To see every step: ${commandFor(files, way)}`,
          ],
          related: pathOf(files, way),
        },
      );
    }
  },
};

/** Domains of which everybody is in the class. */
function domainsIn({ kind, representative, others }: AddressClass): string[] {
  if (kind !== 'domain') return [];
  return [representative, ...others].map((address) => address.slice(address.lastIndexOf('@') + 1));
}
