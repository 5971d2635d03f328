import { misread, type Reading, read, type Words } from './reading.ts';

const ipv4 = /^(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}$/;
const group = /^[0-9a-fA-F]{1,4}$/;

export function isIpv4(text: string): boolean {
  return ipv4.test(text);
}

/** An IPv6 address without a zone: eight groups, or fewer with one `::`, the last two possibly as IPv4. */
export function isIpv6(text: string): boolean {
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const last = groups.at(-1);
  let count = groups.length;
  if (last !== undefined && isIpv4(last) && !text.endsWith('::')) {
    groups.pop();
    count += 1;
  }
  return groups.every((part) => group.test(part)) && (halves.length === 2 ? count < 8 : count === 8);
}

export function isIpAddress(text: string): boolean {
  return isIpv4(text) || isIpv6(text);
}

/** `10.0.0.0/8`, `2001:db8::/32`. */
export function isNetwork(text: string): boolean {
  const slash = text.indexOf('/');
  if (slash === -1) return false;
  const prefix = text.slice(slash + 1);
  if (!/^\d{1,3}$/.test(prefix)) return false;
  const address = text.slice(0, slash);
  return (isIpv4(address) && Number(prefix) <= 32) || (isIpv6(address) && Number(prefix) <= 128);
}

/** Addresses and networks; maddy adds `/32` to whatever has no slash, so that a bare IPv6 address stands for a huge network. */
export function readNetworks(words: Words): Reading<readonly string[]> {
  if (words.block === 'filled') return misread('block', "can't declare block here");
  if (words.args.length === 0) return misread('too-few', 'expected at least one argument');
  return checkNetworks(words.args);
}

/** The same without a minimum, for `proxy_protocol`, whose block is read by itself. */
export function checkNetworks(args: readonly string[]): Reading<readonly string[]> {
  for (const [index, arg] of args.entries()) {
    const network = arg.includes('/') ? arg : `${arg}/32`;
    if (!isNetwork(network)) {
      return { ...misread('form', `invalid CIDR address: ${network}`, index), placeless: true };
    }
  }
  return read(args);
}

/** Answers of a DNS list: IPv6 addresses get `/128` here. */
export function readListAnswers(args: readonly string[]): Reading<readonly string[]> {
  if (args.length === 0) {
    return misread('too-few', 'response block requires at least one IP address or CIDR as argument');
  }
  for (const [index, arg] of args.entries()) {
    const network = arg.includes('/') ? arg : `${arg}/${arg.includes(':') ? 128 : 32}`;
    if (!isNetwork(network)) {
      return misread('form', `invalid IP address or CIDR: ${arg}: invalid CIDR address: ${network}`, index);
    }
  }
  return read(args);
}

/** `127.0.0.0/8`, `::1`, and the name that stands for them. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIpv4(host) && host.startsWith('127.'));
}
