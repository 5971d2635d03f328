import { isIPv4, isIPv6 } from 'node:net';

/** The name below which the PTR records of an address are (RFC 1035 section 3.5, RFC 3596 section 2.5); null: not an address. */
export function reverseName(address: string): string | null {
  const labels = reversedLabels(address);
  return labels === null ? null : `${labels}.${isIPv4(address) ? 'in-addr' : 'ip6'}.arpa`;
}

/** The octets or nibbles of an address from the last to the first, as also DNS lists name them (RFC 5782 section 2). */
export function reversedLabels(address: string): string | null {
  if (isIPv4(address)) return address.split('.').reverse().join('.');
  const groups = ipv6Groups(address);
  if (groups === null) return null;
  return groups
    .map((group) => group.toString(16).padStart(4, '0'))
    .join('')
    .split('')
    .reverse()
    .join('.');
}

/** The eight groups of an IPv6 address. */
export function ipv6Groups(address: string): readonly number[] | null {
  const bare = address.split('%')[0] ?? '';
  if (!isIPv6(bare)) return null;
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(bare);
  const text = dotted === null ? bare : `${dotted[1]}${pair(dotted[2], dotted[3])}:${pair(dotted[4], dotted[5])}`;
  const [head = '', tail] = text.split('::');
  const first = groupsOf(head);
  if (tail === undefined) return first;
  const last = groupsOf(tail);
  return [...first, ...Array<number>(8 - first.length - last.length).fill(0), ...last];
}

function groupsOf(text: string): readonly number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
}

function pair(high = '0', low = '0'): string {
  return (Number(high) * 256 + Number(low)).toString(16);
}
