import { isLocal } from '../../catalog/values/endpoint.ts';
import type { Code } from '../../diagnostics/diagnostic.ts';
import { placeOf } from '../../ir/finding.ts';
import { placeOfProperty } from '../../ir/written.ts';
import { firstValue } from '../property-values.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';
import { isTlsOff } from '../tls-settings.ts';

const submission = (line: string) =>
  `hostname mx.example.org\ntls self_signed\nsubmission tcp://192.0.2.1:5870 {\n    ${line}auth dovecot_sasl unix:///run/dovecot/auth-maddy-client\n    deliver_to dummy\n}\n`;

const code: Code = {
  code: 'M6103',
  name: 'auth-plaintext',
  severity: 'warning',
  summary: 'passwords go over the network in clear text',
  page: () => ({
    docs: 'With `tls off` or `insecure_auth yes` users may log in without encryption, and whoever listens on the way has their passwords. Use a certificate (`tls file …`), or listen on a loopback address behind a proxy that does TLS.',
    invalid: submission('limits {\n        all rate 20\n    }\n    insecure_auth yes\n    '),
    valid: submission('limits {\n        all rate 20\n    }\n    '),
  }),
};

export const authPlaintext: Rule = {
  code,
  *check({ program, addresses }) {
    for (const endpoint of program.endpoints) {
      const auth = endpoint.config.get('auth');
      const open = addresses.of(endpoint, 'listen').find((each) => !isLocal(each.endpoint) && !each.endpoint.tls);
      if (auth === undefined || auth.written.length === 0 || open === undefined) continue;
      const isInsecure = firstValue(endpoint, 'insecure_auth') === true;
      if (!isInsecure && isTlsOff(endpoint.config) !== true) continue;
      const cause = placeOfProperty(endpoint, isInsecure ? 'insecure_auth' : 'tls');
      yield report(code, cause, `passwords may be sent to ${open.word.value} in clear text`, {
        label: isInsecure ? 'allows login without TLS' : 'so there is no TLS, and login is allowed without',
        details: [
          'Whoever listens on the way can read them and send mail as your users.',
          isInsecure
            ? 'Remove insecure_auth: clients then log in after STARTTLS.'
            : 'Configure a certificate with tls, or listen on 127.0.0.1 only.',
        ],
        related: [{ ...placeOf(open.word.origin), message: 'this address can be reached from elsewhere' }],
      });
    }
  },
};
