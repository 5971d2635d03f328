import { isLocal } from '../catalog/values/endpoint.ts';
import { wantedListeners } from '../dovecot/wanted-listeners.ts';
import { fieldsIn, isList, isUse, type Module, moduleOf, type Program } from '../ir/ir.ts';
import { type Inventory, modulesNamed, takeInventory } from '../ir/walk.ts';
import { addressesOf } from '../rules/configured-address.ts';
import { asciiDomain } from '../text/domain.ts';
import { dkimKeyFile } from './dkim-key-file.ts';

/** What of a configuration shows in DNS. Names are A-labels without a final dot. */
export interface MailSetup {
  /** Null while the configuration does not say. */
  readonly hostname: string | null;
  readonly domains: readonly string[];
  /** Takes mail from other servers, on port 25. */
  readonly receives: boolean;
  /** Delivers to the servers of other domains itself. */
  readonly delivers: boolean;
  /** Hosts that outgoing mail is handed to. */
  readonly relays: readonly string[];
  readonly submission: readonly ServicePort[];
  readonly imap: readonly ServicePort[];
  readonly signatures: readonly Signature[];
  /** Certificate file of the endpoint that receives; null when it comes from elsewhere. */
  readonly certificate: string | null;
  readonly offersTls: boolean;
}

export interface ServicePort {
  readonly port: number;
  /** TLS from the first byte (RFC 8314), otherwise STARTTLS. */
  readonly implicitTls: boolean;
}

export interface Signature {
  readonly domain: string;
  readonly selector: string;
  /** Private key; relative paths lie in the state directory. */
  readonly keyFile: string;
}

export function readMailSetup(program: Program, localDomains: readonly string[]): MailSetup {
  const inventory = takeInventory(program);
  const listening = addressesOf(program, inventory).filter(({ role }) => role === 'listen');
  const portsOf = (name: string): readonly ServicePort[] =>
    uniquePorts(
      listening
        .filter(
          ({ module, endpoint }) => module.entry.name === name && endpoint.network === 'tcp' && !isLocal(endpoint),
        )
        .map(({ endpoint }) => ({ port: Number(endpoint.port), implicitTls: endpoint.tls })),
    );
  const receiver = program.endpoints.find(({ entry }) => entry.name === 'smtp');
  const tls = fieldsIn((receiver?.config ?? program.globals).get('tls')?.value);
  return {
    hostname: hostnameOf(receiver, program),
    domains: [...new Set(localDomains.flatMap(asAscii))],
    receives: portsOf('smtp').some(({ port }) => port === 25),
    delivers: modulesNamed(inventory, 'target.remote').length > 0,
    relays: relaysOf(program, inventory),
    submission: portsOf('submission'),
    imap: imapPorts(program, portsOf('imap')),
    signatures: modulesNamed(inventory, 'modify.dkim').flatMap(signaturesOf).filter(isFirstOfItsName),
    certificate: certificateOf(tls),
    offersTls: tls !== undefined && tls.enabled !== false,
  };
}

function hostnameOf(receiver: Module | undefined, program: Program): string | null {
  const value = receiver?.config.get('hostname')?.value ?? program.globals.get('hostname')?.value;
  return typeof value === 'string' ? (asAscii(value)[0] ?? null) : null;
}

function asAscii(name: string): readonly string[] {
  const ascii = asciiDomain(name)?.replace(/\.$/, '').toLowerCase();
  return ascii === undefined || ascii === '' ? [] : [ascii];
}

function uniquePorts(ports: readonly ServicePort[]): readonly ServicePort[] {
  return ports
    .filter(({ port }, index) => ports.findIndex((other) => other.port === port) === index)
    .toSorted((a, b) => Number(b.implicitTls) - Number(a.implicitTls));
}

/** Where Dovecot keeps the mailboxes, it serves them too: on the port of RFC 8314. */
function imapPorts(program: Program, own: readonly ServicePort[]): readonly ServicePort[] {
  if (own.length > 0) return own;
  const isDovecots = wantedListeners(program).some(({ service, endpoint }) => service === 'lmtp' && isLocal(endpoint));
  return isDovecots ? [{ port: 993, implicitTls: true }] : [];
}

function relaysOf(program: Program, inventory: Inventory): readonly string[] {
  const hosts = addressesOf(program, inventory)
    .filter(
      ({ module, role, endpoint }) => role === 'connect' && module.entry.name === 'target.smtp' && !isLocal(endpoint),
    )
    .map(({ endpoint }) => endpoint.host);
  return [...new Set(hosts)];
}

function signaturesOf(signer: Module): readonly Signature[] {
  const domains = signer.config.get('domains')?.value;
  const selector = signer.config.get('selector')?.value;
  const template = signer.config.get('key_path')?.value;
  if (!isList(domains) || typeof selector !== 'string' || typeof template !== 'string') return [];
  return domains.flatMap((written) => {
    const domain = typeof written === 'string' ? asAscii(written)[0] : undefined;
    if (domain === undefined) return [];
    const keyFile = dkimKeyFile(template, String(written), selector);
    return [{ domain, selector: asAscii(selector)[0] ?? selector, keyFile }];
  });
}

function isFirstOfItsName({ domain, selector }: Signature, index: number, all: readonly Signature[]): boolean {
  return all.findIndex((other) => other.domain === domain && other.selector === selector) === index;
}

function certificateOf(tls: ReturnType<typeof fieldsIn>): string | null {
  const loader = isUse(tls?.loader) ? moduleOf(tls.loader) : undefined;
  if (loader?.entry.name !== 'tls.loader.file') return null;
  const files = loader.config.get('certs')?.value;
  const [first] = isList(files) ? files : [];
  return typeof first === 'string' ? first : null;
}
