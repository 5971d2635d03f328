import type { TypeName } from '../catalog/define.ts';
import { tlsVersions } from '../catalog/values/tls.ts';
import type { Wanted } from './wanted.ts';

/** A word that may stand as a value. */
export interface Choice {
  readonly word: string;
  /** What it means, where the word does not say it. */
  readonly says?: string;
}

const words = (...list: readonly string[]): readonly Choice[] => list.map((word) => ({ word }));

const addressForms: readonly Choice[] = [
  { word: 'tcp://', says: 'HOST:PORT, without TLS at first' },
  { word: 'tls://', says: 'HOST:PORT, TLS from the first byte' },
  { word: 'unix://', says: 'path of a socket of this machine' },
];

const actions: readonly Choice[] = [
  { word: 'reject', says: 'refuse the message; a reply may follow: CODE ENHANCED-CODE "TEXT"' },
  { word: 'quarantine', says: 'accept it marked as junk' },
  { word: 'ignore', says: 'only log it' },
];

export const replyCodes: readonly Choice[] = [
  { word: '550', says: 'mailbox unavailable, or refused by policy: for good' },
  { word: '554', says: 'transaction failed: for good' },
  { word: '552', says: 'mailbox full: for good' },
  { word: '450', says: 'mailbox unavailable: the sender tries again' },
  { word: '451', says: 'local error: the sender tries again' },
  { word: '452', says: 'not enough space: the sender tries again' },
];

/** RFC 3463, without their class, which is the reply code's own. */
export const enhancedCodes: readonly Choice[] = [
  { word: '1.1', says: 'no such mailbox' },
  { word: '1.2', says: 'no such domain' },
  { word: '2.1', says: 'mailbox disabled' },
  { word: '2.2', says: 'mailbox full' },
  { word: '4.1', says: 'no answer from host' },
  { word: '7.0', says: 'refused by policy' },
  { word: '7.1', says: 'not authorised' },
];

/** By the place among a value's words; the last list goes on for types whose values repeat. */
const choicesByType: { readonly [type in TypeName]?: readonly (readonly Choice[])[] } = {
  bool: [words('yes', 'no')],
  fail_action: [actions],
  command_code: [[], actions],
  limit: [
    [
      { word: 'rate', says: 'COUNT [PERIOD]: so many in a period' },
      { word: 'concurrency', says: 'COUNT: so many at once' },
    ],
  ],
  tls_versions: [words(...tlsVersions), words(...tlsVersions)],
  buffer: [
    [
      { word: 'auto', says: '[SIZE [DIRECTORY]]: in memory up to a size, else in a file' },
      { word: 'ram', says: 'in memory' },
      { word: 'fs', says: '[DIRECTORY]: in a file' },
    ],
  ],
  smtp_client_auth: [
    [
      { word: 'off', says: 'no login' },
      { word: 'plain', says: 'USER PASSWORD, by PLAIN' },
      { word: 'login', says: 'USER PASSWORD, by LOGIN' },
      { word: 'forward', says: "with the client's own credentials" },
      { word: 'external', says: 'by the TLS client certificate' },
    ],
  ],
  ldap_bind: [
    [
      { word: 'off', says: 'no bind' },
      { word: 'unauth', says: '[DN], without a password' },
      { word: 'plain', says: 'DN PASSWORD' },
      { word: 'external', says: 'by the TLS client certificate' },
    ],
  ],
  compression: [words('off', 'zstd', 'lz4')],
  log_targets: [words('stderr', 'stderr_ts', 'syslog', 'off')],
  endpoint: [addressForms],
  endpoint_list: [addressForms],
  tls_server: [words('off')],
};

const repeats: ReadonlySet<TypeName> = new Set([
  'endpoint_list',
  'log_targets',
  'string_list',
  'any_strings',
  'cipher_list',
  'curve_list',
]);

/** Words that make sense at this place of a value; the default of a setting among them. */
export function choicesFor(wanted: Wanted & { readonly kind: 'value' }): readonly Choice[] {
  const { type, index, before, row } = wanted;
  const isRepeated = repeats.has(type);
  const earlier = before();
  const listed = (row?.values ?? []).filter((word) => !earlier.includes(word)).map((word) => ({ word }));
  if (listed.length > 0 && (index === 0 || isRepeated)) return listed;
  const lists = choicesByType[type];
  const known = lists?.[isRepeated ? Math.min(index, lists.length - 1) : index];
  if (known !== undefined) return known;
  return index === 0 ? defaultChoice(wanted) : [];
}

const durations = { s: 'seconds', m: 'minutes', h: 'hours', ms: 'milliseconds' } as const;
const sizes = { K: 'times 1024 bytes', M: 'times 1024 K', G: 'times 1024 M', B: 'bytes' } as const;

/** A number that was begun, with the units that it may have. */
export function choicesOfUnit(
  { type, index, before }: Wanted & { readonly kind: 'value' },
  begun: string,
): readonly Choice[] {
  const isDuration =
    (type === 'duration' && index === 0) || (type === 'limit' && index === 2 && before()[0] === 'rate');
  const isSize = (type === 'datasize' && index === 0) || (type === 'buffer' && index === 1 && before()[0] === 'auto');
  if (!isDuration && !isSize) return [];
  const number = (isDuration ? /^(?:\d+[a-z]+)*\d+(?=[a-z]*$)/ : /^\d+(?=[A-Za-z]?$)/).exec(begun)?.[0];
  if (number === undefined) return [];
  return Object.entries(isDuration ? durations : sizes).map(([unit, says]) => ({ word: `${number}${unit}`, says }));
}

function defaultChoice({ row }: Wanted & { readonly kind: 'value' }): readonly Choice[] {
  const value = row?.default;
  if (value === undefined || (typeof value === 'object' && value.length !== 1)) return [];
  return [{ word: typeof value === 'object' ? (value[0] ?? '') : String(value), says: 'default' }];
}

/** Where a reply begins among the arguments of a value that may end in one. */
export function replyIndex(wanted: Wanted): number | null {
  if (wanted.kind === 'reply') return wanted.index;
  if (wanted.kind !== 'value') return null;
  const action = wanted.type === 'fail_action' ? 0 : wanted.type === 'command_code' ? 1 : null;
  if (action === null || wanted.index <= action) return null;
  const word = wanted.before()[action];
  return word === 'reject' || word === 'quarantine' ? wanted.index - action - 1 : null;
}
