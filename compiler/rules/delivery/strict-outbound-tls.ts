import type { Code } from '../../diagnostics/diagnostic.ts';
import { throughQueue } from '../../ir/codes/sample.ts';
import { modulesNamed } from '../../ir/walk.ts';
import { placeOfProperty, writtenFor } from '../../ir/written.ts';
import { firstValue } from '../property-values.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

const policy = (level: string) =>
  throughQueue(
    `target.remote relay {
    mx_auth {
        local_policy {
            min_tls_level ${level}
        }
    }
}`,
  );

const code: Code = {
  code: 'M7104',
  name: 'strict-outbound-tls',
  severity: 'info',
  summary: 'mail waits for servers that have no TLS',
  page: () => ({
    docs: 'With `min_tls_level encrypted` a server without STARTTLS gets no mail from you; with `authenticated` neither does one whose certificate is not vouched for by MTA-STS or DANE. Such mail stays in the queue for its whole life, for days, before its sender is told. That is a choice: know it when somebody asks why a message does not arrive.',
    invalid: policy('authenticated'),
    valid: policy('none'),
  }),
};

export const strictOutboundTls: Rule = {
  code,
  *check({ inventory }) {
    for (const policy of modulesNamed(inventory, 'mx_auth.local_policy')) {
      const level = firstValue(policy, 'min_tls_level');
      if (writtenFor(policy, 'min_tls_level') === undefined || (level !== 'encrypted' && level !== 'authenticated'))
        continue;
      yield report(
        code,
        placeOfProperty(policy, 'min_tls_level'),
        `mail for servers ${level === 'encrypted' ? 'without TLS' : 'without a certificate that MTA-STS or DANE vouches for'} is not sent`,
        {
          details: [
            'It waits in the queue until that gives up, for days, and only then its sender is told. Nothing is wrong if you want it so.',
          ],
        },
      );
    }
  },
};
