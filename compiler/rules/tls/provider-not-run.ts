import { allModules, shortName } from '../../catalog/catalog.ts';
import type { Code } from '../../diagnostics/diagnostic.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

const withProvider = (dns: string) =>
  `hostname mx.example.org\ntls {\n    loader acme {\n        hostname mx.example.org\n        agreed\n        challenge dns-01\n        dns ${dns}\n    }\n}\nsmtp tcp://127.0.0.1:2525 {\n    deliver_to dummy\n}\n`;

const code: Code = {
  code: 'M7116',
  name: 'dns-provider-not-run',
  severity: 'warning',
  summary: 'a DNS provider that maddyc checks, but cannot change records at',
  page: () => ({
    docs: 'For each certificate the CA wants to see a record in the zone, and a provider module puts it there. maddyc has code for acme-dns, Cloudflare and name servers that take dynamic updates (RFC 2136); with any other provider `maddyc run` refuses to start, while maddy runs it. The way that suits every zone is acme-dns: make `_acme-challenge.NAME` a CNAME to an acme-dns account once, and use `dns acmedns`. Or let another program keep the certificate, and use `tls file`.',
    invalid: withProvider('hetzner {\n            api_token {env:HETZNER_TOKEN}\n        }'),
    valid: withProvider('cloudflare {\n            api_token {env:CF_TOKEN}\n        }'),
  }),
};

export const providerNotRun: Rule = {
  code,
  *check({ inventory }) {
    for (const { entry, header } of inventory.modules) {
      if (entry.kind !== 'libdns' || entry.runtime) continue;
      const available = [...allModules()].filter(({ kind, runtime }) => kind === 'libdns' && runtime);
      const names = available.map(shortName).join(', ');
      yield report(
        code,
        header.args[0]?.origin ?? header.origin,
        `maddyc cannot change records at ${shortName(entry)}`,
        {
          details: [
            `maddyc run refuses the file: no certificate could be ordered. It can at ${names}.`,
            'Point _acme-challenge of the name to an acme-dns server by a CNAME and use acmedns, or let another program keep the certificate and use tls file.',
          ],
        },
      );
    }
  },
};
