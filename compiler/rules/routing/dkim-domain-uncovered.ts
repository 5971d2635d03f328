import { diagnose } from '../../diagnostics/diagnose.ts';
import type { Code } from '../../diagnostics/diagnostic.ts';
import { textsAt } from '../../routing/plan-values.ts';
import type { Way } from '../../routing/prove/model.ts';
import { isRelayed } from '../../routing/prove/proofs.ts';
import type { RoutedModule } from '../../routing/routes.ts';
import { lookupDomain } from '../../text/domain.ts';
import type { Rule } from '../rule.ts';
import { pathOf, placeAt } from './place.ts';
import { withOutgoing } from './sample.ts';

const signing = (domains: string): string =>
  `$(local_domains) = example.org example.net\n${withOutgoing(
    `insecure_auth yes\nauth dovecot_sasl unix:///run/dovecot/auth-client\ncheck {\n    authorize_sender\n}\nsource $(local_domains) {\n    modify {\n        dkim ${domains} default\n    }\n    deliver_to &outgoing\n}\ndefault_source {\n    reject\n}`,
    'submission tcp://127.0.0.1:2525',
  )}`;

const code: Code = {
  code: 'M8101',
  name: 'dkim-domain-uncovered',
  severity: 'warning',
  summary: 'mail of a domain leaves unsigned',
  page: () => ({
    docs: 'The signer on the way out signs only for the domains that it names: mail of other domains passes unsigned, and receivers trust it less or refuse it (DMARC). Name all domains that may send through it: `dkim $(local_domains) default`.',
    invalid: signing('example.org'),
    valid: signing('$(local_domains)'),
  }),
};

export const dkimDomainUncovered: Rule = {
  code,
  *check({ routing, files }) {
    if (routing === null) return;
    const told = new Set<string>();
    for (const way of routing.survey().ways) {
      const { auth, recipient } = way.traffic;
      const named = namedSources(way);
      if ((auth === null && named.length === 0) || recipient.kind !== 'elsewhere' || !isRelayed(way)) continue;
      const signers = signersOn(way);
      const [signer] = signers;
      if (signer === undefined || signers.some(({ module }) => module.plan.config.sign_subdomains === true)) continue;
      const covered = new Set(signers.flatMap(({ module }) => domainsOf(module)));
      const left = unsigned(way, [...routing.localDomains, ...named]).filter((domain) => !covered.has(domain));
      const key = signer.at.join(' ');
      if (left.length === 0 || told.has(key)) continue;
      told.add(key);
      yield diagnose(code, `mail from ${left.slice(0, 5).join(', ')} leaves unsigned`, placeAt(files, signer.at), {
        label: `signs for ${[...covered].join(', ')}`,
        details: [
          'Receivers trust unsigned mail less, and refuse it where DMARC says so.',
          'Name every domain that sends through it, and publish its key.',
        ],
        related: pathOf(files, way),
      });
    }
  },
};

function signersOn({ steps }: Way) {
  return steps.filter((step) => step.kind === 'content').filter(({ module }) => module.module === 'modify.dkim');
}

function domainsOf({ plan }: RoutedModule): readonly string[] {
  return (textsAt(plan.config, 'domains') ?? []).map((domain) => lookupDomain(domain) ?? domain);
}

/** Domains that may send this way because a `source` rule names them. */
function namedSources({ steps }: Way): readonly string[] {
  return steps.flatMap((step) =>
    step.kind === 'source' && step.taken ? step.rules.flatMap((rule) => lookupDomain(rule) ?? []) : [],
  );
}

/** Of the senders that go this way. */
function unsigned({ traffic: { sender } }: Way, domains: readonly string[]): readonly string[] {
  const sending = [sender.representative, ...sender.others].map((address) =>
    address.slice(address.lastIndexOf('@') + 1),
  );
  return [...new Set(sending)].filter((domain) => domains.includes(domain));
}
