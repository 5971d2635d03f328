import type { RenderOptions } from './render.ts';
import type { WantedListener } from './wanted-listeners.ts';

/** `service` blocks of Dovecot, with all listeners of a service in one. */
export function listenerBlocks(
  listeners: readonly WantedListener[],
  options: RenderOptions,
): readonly (readonly string[])[] {
  return (['lmtp', 'auth'] as const).flatMap((service) => {
    const own = listeners.filter((listener) => listener.service === service);
    if (own.length === 0) return [];
    const blocks = own.flatMap((listener, index) => listenerLines(listener, index, options));
    return [[`service ${service} {`, ...blocks.map((line) => `  ${line}`), '}']];
  });
}

function listenerLines(listener: WantedListener, index: number, options: RenderOptions): readonly string[] {
  const { endpoint } = listener;
  return endpoint.network === 'unix' ? unixLines(listener, options) : inetLines(listener, index, options.release);
}

function unixLines({ service, endpoint }: WantedListener, options: RenderOptions): readonly string[] {
  const { serviceUser, serviceGroup } = options;
  // Without a group the group is root (trap D03).
  const access =
    service === 'lmtp'
      ? ['  mode = 0600', `  user = ${serviceUser}`]
      : ['  mode = 0660', `  user = ${serviceUser}`, `  group = ${serviceGroup}`];
  return [`unix_listener ${listenerName(endpoint.path, options)} {`, ...access, '}'];
}

/** Names are relative to base_dir; elsewhere the path is written in full. */
function listenerName(path: string, { baseDirectory }: RenderOptions): string {
  const bases = baseDirectory === '/run/dovecot' ? [baseDirectory, '/var/run/dovecot'] : [baseDirectory];
  const base = bases.find((each) => path.startsWith(`${each}/`));
  return base === undefined ? path : path.slice(base.length + 1);
}

function inetLines(
  { service, endpoint }: WantedListener,
  index: number,
  release: RenderOptions['release'],
): readonly string[] {
  const name = index === 0 ? `${service}-maddy` : `${service}-maddy-${index + 1}`;
  const address = release === '2.3' ? 'address' : 'listen';
  return [
    `inet_listener ${name} {`,
    ...(endpoint.host === '' ? [] : [`  ${address} = ${endpoint.host}`]),
    `  port = ${endpoint.port}`,
    ...(endpoint.tls ? ['  ssl = yes'] : []),
    '}',
  ];
}
