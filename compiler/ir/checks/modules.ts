import { anchored } from '../../text/re2-anchors.ts';
import { expressionFault } from '../../text/re2-syntax.ts';
import { duplicatePolicy } from '../codes/structure.ts';
import { badExpression, conflict, missingPart, relativePath } from '../codes/values.ts';
import { atLine, type Finding, finding } from '../finding.ts';
import { isUse, moduleOf, type Property } from '../ir.ts';
import type { Properties } from '../properties.ts';
import type { Subject } from '../validate.ts';
import { dependsOnEnvironment, spanOf } from '../words.ts';

/** Conditions of single modules. */

/** Each certificate has its key, there is at least one, and its path is absolute. */
export function checkCertificates(subject: Subject, properties: Properties): readonly Finding[] {
  const [certs, keys] = [properties.get('certs'), properties.get('keys')];
  if (certs?.unreadable === true || keys?.unreadable === true) return [];
  const [paths, keyPaths] = [listIn(certs), listIn(keys)];
  const where = spanOf(subject.header);
  if (paths.length !== keyPaths.length) {
    return [
      finding(
        conflict,
        where,
        {
          message: `${paths.length} certificates and ${keyPaths.length} keys do not pair up`,
          details: ['Each certificate needs its key: tls file CERTIFICATE KEY [CERTIFICATE KEY …]'],
        },
        'tls.loader.file: mismatch in certs and keys count',
      ),
    ];
  }
  if (paths.length === 0) {
    return [
      finding(
        missingPart,
        where,
        { message: 'no certificate', details: ['Clients could not begin TLS. Write tls file CERTIFICATE KEY'] },
        'tls.loader.file: at least one certificate required',
      ),
    ];
  }
  const relative = paths.find((path) => !path.startsWith('/') && !dependsOnEnvironment(path));
  if (relative === undefined) return [];
  const words = [...subject.args, ...(certs?.written ?? []).flatMap((directive) => directive.args)];
  return [
    finding(
      relativePath,
      words.find((word) => word.value === relative)?.origin ?? where,
      {
        message: `"${relative}" must be an absolute path`,
        details: ['maddy changes its directory after start: write the path of the certificate from the root.'],
      },
      'tls.loader.file: only absolute paths allowed in certificate paths: sorry :(',
    ),
  ];
}

function listIn(property: Property | undefined): readonly string[] {
  return Array.isArray(property?.value) ? property.value.filter((each) => typeof each === 'string') : [];
}

export function checkExpression(subject: Subject, properties: Properties): readonly Finding[] {
  const expression = properties.get('regexp')?.value;
  if (typeof expression !== 'string' || dependsOnEnvironment(expression)) return [];
  const full_match = properties.get('full_match')?.value !== false;
  const fault = expressionFault(
    anchored({ regexp: expression, full_match, case_insensitive: properties.get('case_insensitive')?.value !== false }),
  );
  if (fault === null) return [];
  const details = ['It is written in Go’s syntax (RE2), without look-ahead, look-behind and back references.'];
  if (full_match) details.push('maddy puts "^" and "$" around it, so that it must match the whole key.');
  return [
    finding(
      badExpression,
      subject.args[0]?.origin ?? subject.header.origin,
      { message: 'the regular expression cannot be read', label: fault.reason, details },
      `table.regexp: error parsing regexp: ${fault.reason}: \`${fault.part}\``,
    ),
  ];
}

/** Each policy of `mx_auth` may stand once. */
export function checkPolicies(properties: Properties): readonly Finding[] {
  const members = properties.get('members');
  if (!Array.isArray(members?.value)) return [];
  const seen = new Set<string>();
  for (const [index, member] of members.value.entries()) {
    const name = isUse(member) ? moduleOf(member)?.entry.name : undefined;
    const directive = members.written[index];
    if (name === undefined || directive === undefined) continue;
    if (seen.has(name)) {
      return [
        finding(
          duplicatePolicy,
          directive.origin,
          { message: `a second ${directive.name} policy`, details: ['Each policy may stand once: merge the two.'] },
          atLine(directive, `duplicate policy block: ${directive.name}`),
        ),
      ];
    }
    seen.add(name);
  }
  return [];
}
