import { isIpAddress } from '../../catalog/values/network.ts';
import { asciiDomain, isValidDomain } from '../../text/domain.ts';
import { badHostname, valueShape } from '../codes/values.ts';
import { type Finding, finding } from '../finding.ts';
import type { Properties } from '../properties.ts';
import type { Subject } from '../validate.ts';
import { dependsOnEnvironment, spanOf } from '../words.ts';

/** Host names, domains and IP addresses in the properties of a module. */

export function checkHostname(
  subject: Subject,
  properties: Properties,
  prefix: string | undefined,
): readonly Finding[] {
  const hostname = properties.get('hostname');
  if (typeof hostname?.value !== 'string' || dependsOnEnvironment(hostname.value)) return [];
  const where = hostname.written[0]?.args[0]?.origin ?? subject.header.origin;
  if (/[\0-\x1f\x7f]/.test(hostname.value)) {
    const details = [
      'It goes into greetings, EHLO and header fields, where a line end begins another line. Write the name alone: mx.example.org',
    ];
    return [finding(badHostname, where, { message: 'a host name with a control character in it', details })];
  }
  if (asciiDomain(hostname.value) !== null) return [];
  const label = undecodable(hostname.value);
  return [
    finding(
      badHostname,
      where,
      {
        message: `"${hostname.value}" has no form for DNS`,
        label: `"xn--${label}" is no punycode`,
        details: [
          'Greetings and header fields carry the name in ASCII. Write the name in Unicode, or correct the label.',
        ],
      },
      `${prefix ?? subject.spec.name}: cannot represent the hostname as an A-label name: idna: invalid label "${label}"`,
    ),
  ];
}

function undecodable(hostname: string): string {
  const label = hostname.split('.').find((each) => each.startsWith('xn--') && asciiDomain(each) === null);
  return label?.slice('xn--'.length) ?? hostname;
}

export function checkDomains(subject: Subject, properties: Properties, key: string, maddy: string): readonly Finding[] {
  const domains = properties.get(key)?.value;
  if (!Array.isArray(domains)) return [];
  for (const [index, domain] of domains.entries()) {
    if (typeof domain !== 'string' || dependsOnEnvironment(domain) || isValidDomain(domain)) continue;
    const where = subject.args[index]?.origin ?? subject.header.origin;
    const details = [
      'A domain has labels of at most 63 letters, digits and hyphens, separated by single dots: example.org',
    ];
    return [
      finding(valueShape, where, { message: `"${domain}" is not a domain`, details }, maddy.replace('{value}', domain)),
    ];
  }
  return [];
}

export function checkLocalAddress(subject: Subject, properties: Properties): readonly Finding[] {
  const local = properties.get('local_ip');
  if (typeof local?.value !== 'string' || dependsOnEnvironment(local.value)) return [];
  if (isIpAddress(local.value) || local.value === '') return [];
  const written = local.written[0];
  return [
    finding(
      valueShape,
      written === undefined ? subject.header.origin : (written.args[0]?.origin ?? spanOf(written)),
      {
        message: `"${local.value}" is not an IP address`,
        details: ['local_ip is an address of this host, for example: local_ip 203.0.113.5'],
      },
      `remote: failed to parse local IP: lookup ${local.value}: no such host`,
    ),
  ];
}
