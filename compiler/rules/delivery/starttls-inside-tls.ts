import type { Code } from '../../diagnostics/diagnostic.ts';
import { throughQueue } from '../../ir/codes/sample.ts';
import { placeOf } from '../../ir/finding.ts';
import { modulesNamed } from '../../ir/walk.ts';
import { wordsFor } from '../configured-address.ts';
import { firstValue } from '../property-values.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

const relay = (lines: string) => throughQueue(`target.smtp relay {\n    targets tls://mx.example.org:465\n${lines}}`);

const code: Code = {
  code: 'M7111',
  name: 'starttls-inside-tls',
  severity: 'warning',
  summary: 'a relay over implicit TLS where maddy also demands STARTTLS',
  page: () => ({
    docs: 'On a `tls://` address TLS begins with the first byte, and no server offers STARTTLS inside it. maddy 0.9.4 demands it all the same, unless `starttls no` is written, and refuses every message: `TLS required but unsupported by downstream`. maddyc does not ask for STARTTLS there (docs/differences.md, D25), so the file works here and fails in maddy. `starttls no` works in both; the connection stays encrypted.',
    invalid: relay(''),
    valid: relay('    starttls no\n'),
  }),
};

export const starttlsInsideTls: Rule = {
  code,
  dialects: ['maddy'],
  *check({ inventory }) {
    for (const target of modulesNamed(inventory, 'target.smtp')) {
      // The old name wins where both are written.
      const old = target.config.get('attempt_starttls');
      const wanted = old === undefined || old.written.length === 0 ? firstValue(target, 'starttls') : old.value;
      // The host may depend on the environment; the scheme decides.
      const secure = wordsFor(target, 'targets').find(({ value }) => value.startsWith('tls://'));
      if (wanted !== true || secure === undefined) continue;
      const directive = (old?.written.length ? old : target.config.get('starttls'))?.written.at(-1);
      yield report(code, secure.origin, `maddy 0.9.4 delivers nothing to ${secure.value}`, {
        label: 'TLS from the first byte, and STARTTLS is demanded too',
        details: [
          'Every message is refused there with "TLS required but unsupported by downstream"; maddyc delivers, since TLS is on already.',
          `${directive === undefined ? 'Add' : 'Write'} "starttls no" in the block: it works in both, and the connection stays encrypted.`,
        ],
        ...(directive === undefined ? {} : { related: [{ ...placeOf(directive.origin), message: 'demanded here' }] }),
      });
    }
  },
};
