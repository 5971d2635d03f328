import { isLocal } from '../../catalog/values/endpoint.ts';
import type { Code } from '../../diagnostics/diagnostic.ts';
import { modulesNamed } from '../../ir/walk.ts';
import { firstValue } from '../property-values.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';
import { isTlsOff } from '../tls-settings.ts';

const submission = (addresses: string) =>
  `hostname mx.example.org\ntls self_signed\nsubmission ${addresses} {\n    limits {\n        all rate 20\n    }\n    auth dovecot_sasl unix:///run/dovecot/auth-maddy-client\n    deliver_to dummy\n}\n`;

const code: Code = {
  code: 'M6104',
  name: 'auth-after-starttls',
  severity: 'info',
  summary: 'users can log in only after STARTTLS',
  page: () => ({
    docs: 'The endpoint has no address with TLS from the first byte, so AUTH is offered only after STARTTLS; a client that is set to "no encryption" finds no login at all. RFC 8314 recommends port 465 with TLS from the first byte: add `tls://0.0.0.0:465` beside it.',
    invalid: submission('tcp://192.0.2.1:587'),
    valid: submission('tls://192.0.2.1:465 tcp://192.0.2.1:587'),
  }),
};

export const authAfterStarttls: Rule = {
  code,
  *check({ inventory, addresses }) {
    const endpoints = modulesNamed(inventory, 'submission');
    if (endpoints.some((endpoint) => addresses.of(endpoint, 'listen').some((each) => each.endpoint.tls))) return;
    for (const endpoint of endpoints) {
      const open = addresses.of(endpoint, 'listen').find((each) => !isLocal(each.endpoint));
      if (open === undefined || firstValue(endpoint, 'insecure_auth') === true || isTlsOff(endpoint.config) !== false)
        continue;
      yield report(code, open.word.origin, 'login is offered only after STARTTLS', {
        details: [
          'A client that begins without TLS sees no AUTH, and one that is set to "SSL/TLS" cannot connect at all.',
          'Add an address with TLS from the first byte for it (RFC 8314): tls://0.0.0.0:465',
        ],
      });
    }
  },
};
