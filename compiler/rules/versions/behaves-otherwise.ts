import type { Code } from '../../diagnostics/diagnostic.ts';
import type { ExpandedDirective } from '../../expand/expanded.ts';
import { listener } from '../../ir/codes/sample.ts';
import { fieldsIn, type Module } from '../../ir/ir.ts';
import { spanOf } from '../../ir/words.ts';
import { placeOfProperty, writtenFor } from '../../ir/written.ts';
import type { Origin } from '../../source/origin.ts';
import { firstValue, records, strings } from '../property-values.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

const code: Code = {
  code: 'M9301',
  name: 'behaves-otherwise',
  severity: 'info',
  summary: 'maddyc does here what the documentation says, and maddy 0.9.4 does not',
  page: () => ({
    docs: 'The directive is documented, but maddy 0.9.4 does not do what the documentation says. maddyc does (docs/differences.md, D21 and D14), so the same file behaves otherwise in the two. Look at it before you move from one to the other.',
    invalid: listener(
      'check {\n    milter unix:///run/milter.sock {\n        fail_open yes\n    }\n}\ndeliver_to dummy',
    ),
    valid: listener('check {\n    milter unix:///run/milter.sock\n}\ndeliver_to dummy'),
  }),
};

/** `maddy` is what maddy 0.9.4 does, `ours` what we do. */
interface Difference {
  readonly module: string;
  readonly where: (module: Module) => Origin | null;
  readonly maddy: string;
  readonly ours: string;
}

export const behavesOtherwise: Rule = {
  code,
  dialects: ['maddy'],
  *check({ inventory }) {
    for (const { module: name, where, maddy, ours } of differences) {
      for (const module of inventory.byEntry.get(name) ?? []) {
        const origin = where(module);
        if (origin === null) continue;
        yield report(code, origin, maddy, {
          details: [
            `${ours}, as the documentation says.`,
            'See docs/differences.md before you move the file from one to the other.',
          ],
        });
      }
    }
  },
};

const differences: readonly Difference[] = [
  {
    module: 'check.dnsbl',
    where: (module) => (strings(module, 'zones').length > 0 ? spanOf(module.header) : null),
    maddy: 'in maddy 0.9.4 lists that are named after dnsbl score 0: nobody is blocked by them',
    ours: 'In maddyc each of them scores 1',
  },
  {
    module: 'check.dnsbl',
    where: (module) => {
      const index = records(module, 'lists').findIndex(({ mailfrom }) => mailfrom === true);
      const zone = module.config.get('lists')?.written[index];
      return zone === undefined ? null : (inside(zone.block, 'mailfrom') ?? zone.origin);
    },
    maddy: 'maddy 0.9.4 never looks the domain of the sender up',
    ours: 'maddyc asks the list about it',
  },
  {
    module: 'mx_auth.local_policy',
    where: (module) =>
      firstValue(module, 'min_tls_level') === 'none' &&
      firstValue(module, 'min_mx_level') === 'none' &&
      writtenFor(module, 'min_tls_level') !== undefined
        ? placeOfProperty(module, 'min_tls_level')
        : null,
    maddy: 'maddy 0.9.4 demands encryption in spite of min_tls_level none',
    ours: 'maddyc also delivers without',
  },
  {
    module: 'check.milter',
    where: (module) => (firstValue(module, 'fail_open') === true ? placeOfProperty(module, 'fail_open') : null),
    maddy: 'in maddy 0.9.4 fail_open does not help when the milter cannot be connected to: mail is refused',
    ours: 'In maddyc such mail is accepted, too',
  },
  {
    module: 'check.rspamd',
    where: (module) =>
      writtenFor(module, 'reject_action') !== undefined && actionIn(module, 'reject_action') !== 'reject'
        ? placeOfProperty(module, 'reject_action')
        : null,
    maddy: 'maddy 0.9.4 refuses what rspamd wants rejected, whatever reject_action says',
    ours: 'maddyc does what reject_action says',
  },
  {
    module: 'check.rspamd',
    where: (module) =>
      actionIn(module, 'soft_reject_action') === 'ignore' ? placeOfProperty(module, 'soft_reject_action') : null,
    maddy: 'maddy 0.9.4 refuses for now what rspamd wants refused for now, even with soft_reject_action ignore',
    ours: 'maddyc does what soft_reject_action says',
  },
  {
    module: 'lmtp',
    where: (module) =>
      module.pipeline?.dmarc === true ? (inside(module.header.block, 'dmarc') ?? module.header.origin) : null,
    maddy: 'maddy 0.9.4 does not apply DMARC on an lmtp endpoint',
    ours: 'maddyc decides as on smtp, with a reply for each recipient',
  },
];

function inside(block: readonly ExpandedDirective[] | null, name: string): Origin | null {
  return block?.find((child) => child.name === name)?.origin ?? null;
}

function actionIn(module: Module, name: string): unknown {
  return fieldsIn(firstValue(module, name))?.action;
}
