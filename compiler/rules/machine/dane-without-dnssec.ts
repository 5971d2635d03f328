import type { Code } from '../../diagnostics/diagnostic.ts';
import { modulesNamed } from '../../ir/walk.ts';
import { spanOf } from '../../ir/words.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

const code: Code = {
  code: 'M7112',
  name: 'dane-without-dnssec',
  severity: 'warning',
  summary: 'DANE without a resolver that validates',
  page: () => ({
    docs: 'DANE and the `dnssec` policy trust only answers that a resolver has validated, and a validated answer can be trusted only when nobody can change it on the way: the resolver must be on this host (for example unbound on 127.0.0.1), or `/etc/resolv.conf` says `options trust-ad`. Otherwise the policy never has an effect, and nobody says so. Only `check --host-checks` looks: it must run on the mail server.',
    invalid: '',
    valid: '',
  }),
};

export const daneWithoutDnssec: Rule = {
  code,
  needsHost: true,
  *check({ inventory, facts }) {
    const resolver = facts?.resolver ?? null;
    if (resolver === null || resolver.isTrusted) return;
    for (const policy of modulesNamed(inventory, 'mx_auth.dane', 'mx_auth.dnssec')) {
      const name = policy.header.name;
      yield report(
        code,
        spanOf(policy.header),
        `${name} never has an effect: the resolver ${resolver.servers.join(', ')} is not on this host`,
        {
          details: [
            'Its answers could be changed on the way, so nothing in them counts as validated.',
            'Run a validating resolver on this host, for example unbound, and name it in /etc/resolv.conf.',
          ],
        },
      );
    }
  },
};
