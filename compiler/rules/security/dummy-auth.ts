import { isLocal } from '../../catalog/values/endpoint.ts';
import type { Code } from '../../diagnostics/diagnostic.ts';
import { isList, isUse, moduleOf } from '../../ir/ir.ts';
import { placeOfProperty } from '../../ir/written.ts';
import { firstValue } from '../property-values.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

const submission = (auth: string) =>
  `hostname mx.example.org\ntls self_signed\nsubmission tls://192.0.2.1:465 {\n    limits {\n        all rate 20\n    }\n    auth ${auth}\n    deliver_to dummy\n}\n`;

const code: Code = {
  code: 'M6110',
  name: 'dummy-auth',
  severity: 'error',
  summary: 'every password is right',
  page: () => ({
    docs: '`auth dummy` is for tests: it accepts every user name with every password. On an address that others can reach anybody is a user of yours, and sends mail in your name. Name a provider that checks passwords.',
    invalid: submission('dummy'),
    valid: submission('dovecot_sasl unix:///run/dovecot/auth-maddy-client'),
  }),
};

export const dummyAuth: Rule = {
  code,
  *check({ program, addresses }) {
    for (const endpoint of program.endpoints) {
      const providers = firstValue(endpoint, 'auth');
      const isDummy =
        isList(providers) && providers.some((each) => isUse(each) && moduleOf(each)?.entry.name === 'dummy');
      const open = addresses.of(endpoint, 'listen').find((each) => !isLocal(each.endpoint));
      if (!isDummy || open === undefined) continue;
      yield report(
        code,
        placeOfProperty(endpoint, 'auth'),
        `everybody can log in to ${open.word.value} with any password`,
        {
          details: ['dummy accepts them all: it is for tests. Name a provider that checks passwords.'],
        },
      );
    }
  },
};
