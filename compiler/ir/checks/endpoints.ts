import type { NamedCheck } from '../../catalog/define.ts';
import { type Endpoint, type EndpointFault, isEndpointFault, parseEndpoint } from '../../catalog/values/endpoint.ts';
import { isIpAddress } from '../../catalog/values/network.ts';
import type { ExpandedArg } from '../../expand/expanded.ts';
import type { Origin } from '../../source/origin.ts';
import { secureListenerWithoutTls } from '../codes/delivery.ts';
import { listenAddress, listensNowhere } from '../codes/structure.ts';
import { conflict, outOfRange, valueShape } from '../codes/values.ts';
import type { Context } from '../context.ts';
import { type Finding, finding } from '../finding.ts';
import { fieldOf, type Properties } from '../properties.ts';
import type { Subject } from '../validate.ts';
import { dependsOnEnvironment } from '../words.ts';

type Listen = Extract<NamedCheck, { readonly check: 'listen' }>;
type Connect = Extract<NamedCheck, { readonly check: 'endpoints' }>;

/** Addresses that an endpoint listens on. */
export function checkListeners(
  context: Context,
  subject: Subject,
  properties: Properties,
  rule: Listen,
): readonly Finding[] {
  const { args, header } = subject;
  if (args.length === 0) return [nowhere(header.name, header.origin)];
  const found: Finding[] = [];
  for (const arg of args) {
    if (dependsOnEnvironment(arg.value)) continue;
    const endpoint = parse(context, properties, arg.value);
    if (isEndpointFault(endpoint)) {
      const text = rule.maddy.replace('{address}', arg.value).replace('{error}', endpoint.error);
      found.push(malformed(arg.value, arg.origin, endpoint, text));
      continue;
    }
    const secure = endpoint.tls ? secureFinding(subject, properties, rule, arg) : null;
    if (secure !== null) found.push(secure.maddy === null ? { ...secure, failsAtStart: true } : secure);
    const unusable = unusableListener(endpoint);
    if (unusable !== null) found.push({ ...finding(listenAddress, arg.origin, unusable), failsAtStart: true });
  }
  return found;
}

/** Addresses that a module connects to. */
export function checkConnections(
  context: Context,
  subject: Subject,
  properties: Properties,
  rule: Connect,
): readonly Finding[] {
  const property = properties.get(rule.key);
  if (property === undefined || property.value === undefined) return [];
  const texts = Array.isArray(property.value) ? property.value : [property.value];
  const placeOfText = (text: string): Origin => {
    const words = [...property.written.flatMap((directive) => directive.args), ...subject.args];
    return words.find((word) => word.value === text)?.origin ?? subject.header.origin;
  };
  const found: Finding[] = [];
  for (const text of texts) {
    if (typeof text !== 'string' || dependsOnEnvironment(text)) continue;
    const endpoint = parse(context, properties, text);
    if (isEndpointFault(endpoint)) {
      const maddy = rule.maddy.replace('{error}', endpoint.error);
      found.push(malformed(text, placeOfText(text), endpoint, maddy));
    } else if (endpoint.tls && rule.refuseTls !== undefined) {
      const details = ['The protocol has no TLS of its own: use tcp:// or unix://'];
      const message = 'tls:// does not work here';
      found.push(finding(valueShape, placeOfText(text), { message, details }, rule.refuseTls));
    } else if (!hasPort(endpoint)) {
      const details = ['Ports go from 1 to 65535. maddy accepts it, and fails for each message.'];
      found.push(finding(outOfRange, placeOfText(text), { message: noSuchPort(endpoint), details }));
    }
  }
  return found;
}

function parse(context: Context, properties: Properties, text: string): Endpoint | EndpointFault {
  const runtimeDirectory = context.globals.get('runtime_dir')?.value;
  return parseEndpoint(text, {
    ...(typeof runtimeDirectory === 'string' ? { runtimeDirectory } : {}),
    udp: context.dialect === 'madmail-0' || properties.has('relay_ip'),
  });
}

function nowhere(name: string, origin: Origin): Finding {
  return finding(listensNowhere, origin, {
    message: `${name} has no address: it listens nowhere`,
    details: [`maddy accepts this without a word. Add an address, for example: ${name} tcp://0.0.0.0:25`],
  });
}

function malformed(text: string, where: Origin, fault: EndpointFault, maddy: string): Finding {
  return finding(
    valueShape,
    where,
    {
      message: `"${text}" is not an address`,
      ...(fault.hint === null ? {} : { label: fault.hint }),
      details: [
        ...(/^[A-Za-z_]\w*$/.test(text)
          ? [
              'If it was meant as a name: only blocks at the top level have names, a module that is written in place has none.',
            ]
          : []),
        'An address is tcp://HOST:PORT, tls://HOST:PORT or unix://PATH, for example: tcp://127.0.0.1:25 or unix:///run/dovecot/lmtp',
      ],
    },
    maddy,
  );
}

function secureFinding(subject: Subject, properties: Properties, rule: Listen, arg: ExpandedArg): Finding | null {
  if (rule.secure === 'plain') return null;
  if (rule.secure === 'refused') {
    const details = [`${subject.header.name} speaks plain HTTP only: write tcp:// and keep it on a private address.`];
    return finding(conflict, arg.origin, { message: 'tls:// does not work here', details }, rule.maddySecure ?? null);
  }
  const tls = properties.get('tls');
  if (tls === undefined || tls.unreadable || fieldOf(tls.value, 'enabled') !== false) return null;
  const off = tls.written[0];
  return finding(
    secureListenerWithoutTls,
    arg.origin,
    {
      message: `${arg.value} needs TLS, but tls is off`,
      details: [
        'Clients begin with TLS on this port and there is no certificate to answer with; maddy fails to start.',
        'Configure tls, or listen on tcp://',
      ],
      related:
        off === undefined ? [] : [{ file: off.origin.file, range: off.origin.range, message: 'switched off here' }],
    },
    rule.maddySecure ?? null,
  );
}

/** What passes maddy's checks and fails when it starts to listen. */
function unusableListener(
  endpoint: Endpoint,
): { readonly message: string; readonly details: readonly string[] } | null {
  if (endpoint.network === 'unix') return null;
  if (!hasPort(endpoint)) {
    return { message: noSuchPort(endpoint), details: ['Ports go from 1 to 65535. maddy fails to start.'] };
  }
  const [host] = endpoint.host.split('%');
  if (host !== undefined && isIpAddress(host)) return null;
  return {
    message: endpoint.host === '' ? 'the address has no host' : `"${endpoint.host}" is a name, not an IP address`,
    details: [
      'maddy listens on IP addresses only and fails to start: write the address of an interface, 0.0.0.0 or [::] for all.',
    ],
  };
}

/** A socket path needs none. */
function hasPort({ network, port }: Endpoint): boolean {
  return network === 'unix' || (/^\d+$/.test(port) && Number(port) <= 65_535);
}

function noSuchPort({ port }: Endpoint): string {
  return `there is no port ${port}`;
}
