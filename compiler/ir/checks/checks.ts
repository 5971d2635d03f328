import type { NamedCheck } from '../../catalog/define.ts';
import type { Context } from '../context.ts';
import type { Finding } from '../finding.ts';
import type { Properties } from '../properties.ts';
import type { Subject } from '../validate.ts';
import { checkDomains, checkHostname, checkLocalAddress } from './addresses.ts';
import { checkConnections, checkListeners } from './endpoints.ts';
import { checkCertificates, checkExpression, checkPolicies } from './modules.ts';
import { checkSql } from './sql.ts';

/** Conditions that a JSON Schema cannot say, by the names that catalog entries use. */
export function namedChecks(
  context: Context,
  subject: Subject,
  rule: NamedCheck,
  properties: Properties,
): readonly Finding[] {
  switch (rule.check) {
    case 'hostname-label':
      return checkHostname(subject, properties, rule.prefix);
    case 'listen':
      return checkListeners(context, subject, properties, rule);
    case 'endpoints':
      return checkConnections(context, subject, properties, rule);
    case 'certificates':
      return checkCertificates(subject, properties);
    case 'expression':
      return checkExpression(subject, properties);
    case 'domains':
      return checkDomains(subject, properties, rule.key, rule.maddy);
    case 'local-address':
      return checkLocalAddress(subject, properties);
    case 'sql':
      return checkSql(subject, properties);
    case 'policies-once':
      return checkPolicies(properties);
  }
}
