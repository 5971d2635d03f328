import { isLocal } from '../../catalog/values/endpoint.ts';
import type { Code } from '../../diagnostics/diagnostic.ts';
import { type Module, moduleOf } from '../../ir/ir.ts';
import { isMisspelt } from '../../ir/misspelt.ts';
import { modulesNamed, sourcesOf } from '../../ir/walk.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

const smtp = (lines: string) =>
  `hostname mx.example.org\ntls off\nsmtp tcp://192.0.2.1:25 {\n    limits {\n        all rate 20\n    }\n${lines}    check {\n        dkim\n        spf\n    }\n    deliver_to dummy\n}\n`;

const code: Code = {
  code: 'M8108',
  name: 'dmarc-off',
  severity: 'info',
  summary: 'SPF and DKIM are checked, DMARC is not',
  page: () => ({
    docs: "maddy's documentation says that DMARC is on by default; it is on only where `dmarc yes` is written. Without it nothing compares the sender that your users see (the From field) with what SPF and DKIM vouch for, and policies of the domains are not followed.",
    invalid: smtp(''),
    valid: smtp('    dmarc yes\n'),
  }),
};

export const dmarcOff: Rule = {
  code,
  *check({ inventory, addresses }) {
    for (const endpoint of modulesNamed(inventory, 'smtp')) {
      const { pipeline } = endpoint;
      const isOpen = addresses
        .of(endpoint, 'listen')
        .some((each) => each.endpoint.port === '25' && !isLocal(each.endpoint));
      if (pipeline === null || pipeline.dmarc || !isOpen || isDecided(endpoint)) continue;
      const checks = [...pipeline.checks, ...sourcesOf(pipeline).flatMap((source) => source.checks)];
      if (!checks.some((use) => ['check.dkim', 'check.spf'].includes(moduleOf(use)?.entry.name ?? ''))) continue;
      yield report(code, endpoint.header.origin, 'DMARC is off: the documentation says on by default, but it is not', {
        details: ['The sender that users see is not compared with what SPF and DKIM vouch for. Add dmarc yes.'],
      });
    }
  },
};

/** Somebody wrote `dmarc no`, or wrote it wrongly. */
function isDecided({ entry, header: { block } }: Module): boolean {
  return block?.some(({ name }) => name === 'dmarc') === true || isMisspelt(entry, block, 'dmarc');
}
