import { isLocal } from '../../catalog/values/endpoint.ts';
import type { Code } from '../../diagnostics/diagnostic.ts';
import { throughQueue } from '../../ir/codes/sample.ts';
import { fieldsIn, isDeferred } from '../../ir/ir.ts';
import { modulesNamed } from '../../ir/walk.ts';
import { placeOfProperty } from '../../ir/written.ts';
import { firstValue } from '../property-values.ts';
import { relatedAt, report } from '../report.ts';
import type { Rule } from '../rule.ts';

const relay = (line: string) =>
  throughQueue(
    `target.smtp relay {\n    targets tcp://mx.example.org:25\n    auth plain {env:RELAY_USER} {env:RELAY_PASSWORD}\n${line}}`,
  );

const code: Code = {
  code: 'M6107',
  name: 'relay-credentials-plain',
  severity: 'error',
  summary: 'a password is sent to another server in clear text',
  page: () => ({
    docs: 'The target logs in to a server elsewhere without TLS, so that whoever listens on the way has the password, and reads the mail. Remove `starttls no`, or use a `tls://` address.',
    invalid: relay('    starttls no\n'),
    valid: relay(''),
  }),
};

export const relayCredentialsPlain: Rule = {
  code,
  *check({ inventory, addresses }) {
    for (const target of modulesNamed(inventory, 'target.smtp', 'target.lmtp')) {
      const auth = firstValue(target, 'auth');
      const mechanism = fieldsIn(auth)?.mechanism ?? deferredMechanism(auth);
      if (mechanism !== 'plain' && mechanism !== 'login' && mechanism !== 'forward') continue;
      const old = target.config.get('attempt_starttls');
      const key = old !== undefined && old.written.length > 0 ? 'attempt_starttls' : 'starttls';
      if (firstValue(target, key) !== false) continue;
      const open = addresses.of(target, 'connect').find(({ endpoint }) => !endpoint.tls && !isLocal(endpoint));
      if (open === undefined) continue;
      yield report(code, placeOfProperty(target, 'auth'), `the password is sent to ${open.word.value} in clear text`, {
        details: [
          'Whoever listens on the way can send mail with it, and reads yours.',
          'Let STARTTLS be used (remove "starttls no"), or use a tls:// address if the server has one.',
        ],
        related: [
          relatedAt(placeOfProperty(target, key), 'no STARTTLS'),
          relatedAt(open.word.origin, 'no TLS from the first byte'),
        ],
      });
    }
  },
};

/** Credentials usually come from the environment; the mechanism does not. */
function deferredMechanism(value: ReturnType<typeof firstValue>): string | undefined {
  return isDeferred(value) ? value.$deferred.args[0] : undefined;
}
