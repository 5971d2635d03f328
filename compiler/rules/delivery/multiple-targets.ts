import type { Code } from '../../diagnostics/diagnostic.ts';
import { throughQueue } from '../../ir/codes/sample.ts';
import { modulesNamed } from '../../ir/walk.ts';
import { relatedAt, report } from '../report.ts';
import type { Rule } from '../rule.ts';

const relay = (addresses: string) => throughQueue(`target.smtp relay {\n    targets ${addresses}\n}`);

const code: Code = {
  code: 'M5108',
  name: 'multiple-targets',
  severity: 'info',
  summary: 'several servers of a target are no load balancing',
  page: () => ({
    docs: 'The servers are tried in order until one can be connected to: all mail goes to the first one as long as it listens. A server that answers with an error has answered: the next one is not asked, the message is retried or bounced. For load balancing use a name with several addresses or a proxy.',
    invalid: relay('tcp://a.example.org:25 tcp://b.example.org:25'),
    valid: relay('tcp://a.example.org:25'),
  }),
};

export const multipleTargets: Rule = {
  code,
  *check({ inventory, addresses }) {
    for (const target of modulesNamed(inventory, 'target.smtp', 'target.lmtp')) {
      const [first, second] = addresses.of(target, 'connect');
      if (first === undefined || second === undefined) continue;
      yield report(
        code,
        second.word.origin,
        `${second.word.value} is asked only when ${first.word.value} cannot be reached`,
        {
          details: [
            'Servers are tried in order for connecting only: there is no load balancing, and an error answer of the first one counts.',
          ],
          related: [relatedAt(first.word.origin, 'all mail goes here')],
        },
      );
    }
  },
};
