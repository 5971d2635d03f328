import { readDataSize } from '../../../compiler/catalog/values/data-size.ts';
import { readDuration } from '../../../compiler/catalog/values/duration.ts';
import { type IntegerSpec, readFloat, readInteger } from '../../../compiler/catalog/values/numbers.ts';
import type { Reading, Words } from '../../../compiler/catalog/values/reading.ts';
import { type Reply, readFailAction, readReply } from '../../../compiler/catalog/values/reply.ts';
import { readBool, readEnum, readEnumList, readString, readStringList } from '../../../compiler/catalog/values/text.ts';
import { readTlsNames, readTlsVersions, type TlsVersion } from '../../../compiler/catalog/values/tls.ts';
import { type ConformanceKind, difference, field } from './kind.ts';
import { checkProcess } from './process.ts';

type Read = (words: Words, allowed: readonly string[]) => Reading<unknown>;

function mapped<T>(reading: Reading<T>, convert: (value: T) => unknown): Reading<unknown> {
  return reading.ok ? { ok: true, value: convert(reading.value) } : reading;
}

const integer =
  (spec: IntegerSpec): Read =>
  (words) =>
    mapped(readInteger(words, spec), String);

const reasonOf = ({ code, enhanced, text }: Reply) => ({
  code,
  enhanced: enhanced.split('.').map(Number),
  message: text,
});

const floatOf = (value: number): unknown => {
  if (Number.isNaN(value)) return 'NaN';
  if (Number.isFinite(value)) return value;
  return value > 0 ? '+Inf' : '-Inf';
};

const versionNumbers: Readonly<Record<TlsVersion, number>> = {
  'tls1.0': 769,
  'tls1.1': 770,
  'tls1.2': 771,
  'tls1.3': 772,
};
const versionNumber = (version: TlsVersion | null): number => (version === null ? 0 : versionNumbers[version]);

/** IANA numbers of the suites that maddy names (language section 11). */
const cipherNumbers: ReadonlyMap<string, number> = new Map([
  ['RSA-WITH-RC4128-SHA', 0x0005],
  ['RSA-WITH-3DES-EDE-CBC-SHA', 0x000a],
  ['RSA-WITH-AES128-CBC-SHA', 0x002f],
  ['RSA-WITH-AES256-CBC-SHA', 0x0035],
  ['RSA-WITH-AES128-CBC-SHA256', 0x003c],
  ['RSA-WITH-AES128-GCM-SHA256', 0x009c],
  ['RSA-WITH-AES256-GCM-SHA384', 0x009d],
  ['ECDHE-ECDSA-WITH-RC4128-SHA', 0xc007],
  ['ECDHE-ECDSA-WITH-AES128-CBC-SHA', 0xc009],
  ['ECDHE-ECDSA-WITH-AES256-CBC-SHA', 0xc00a],
  ['ECDHE-ECDSA-WITH-AES128-CBC-SHA256', 0xc023],
  ['ECDHE-ECDSA-WITH-AES128-GCM-SHA256', 0xc02b],
  ['ECDHE-ECDSA-WITH-AES256-GCM-SHA384', 0xc02c],
  ['ECDHE-ECDSA-WITH-CHACHA20-POLY1305', 0xcca9],
  ['ECDHE-RSA-WITH-RC4128-SHA', 0xc011],
  ['ECDHE-RSA-WITH-3DES-EDE-CBC-SHA', 0xc012],
  ['ECDHE-RSA-WITH-AES128-CBC-SHA', 0xc013],
  ['ECDHE-RSA-WITH-AES256-CBC-SHA', 0xc014],
  ['ECDHE-RSA-WITH-AES128-CBC-SHA256', 0xc027],
  ['ECDHE-RSA-WITH-AES128-GCM-SHA256', 0xc02f],
  ['ECDHE-RSA-WITH-AES256-GCM-SHA384', 0xc030],
  ['ECDHE-RSA-WITH-CHACHA20-POLY1305', 0xcca8],
]);

const readers: ReadonlyMap<string, Read> = new Map<string, Read>([
  ['bool', readBool],
  ['int', integer({ bits: 64, signed: true })],
  ['int32', integer({ bits: 32, signed: true })],
  ['int64', integer({ bits: 64, signed: true })],
  ['uint', integer({ bits: 32, signed: false })],
  ['uint32', integer({ bits: 32, signed: false })],
  ['uint64', integer({ bits: 64, signed: false })],
  ['float', (words) => mapped(readFloat(words), floatOf)],
  ['string', readString],
  ['string_list', readStringList],
  ['enum', readEnum],
  ['enum_list', readEnumList],
  ['duration', (words) => mapped(readDuration(words), String)],
  ['data_size', (words) => mapped(readDataSize(words), String)],
  ['reject', (words) => mapped(readReply(words.args, 0), reasonOf)],
  [
    'fail_action',
    (words) =>
      mapped(readFailAction(words), ({ action, reply }) => ({
        reject: action === 'reject',
        quarantine: action === 'quarantine',
        reason: reply === null ? null : reasonOf(reply),
      })),
  ],
  [
    'tls_protocols',
    (words) => mapped(readTlsVersions(words), ({ min, max }) => [versionNumber(min), versionNumber(max)]),
  ],
  [
    'tls_ciphers',
    (words) =>
      mapped(readTlsNames(words, [...cipherNumbers.keys()], 'cipher'), (names) =>
        names.map((name) => cipherNumbers.get(name)),
      ),
  ],
]);

const strings = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

/** The directive stands at line 2 of `main.conf`. */
const PLACE = 'main.conf:2: ';

function checkValue(recorded: unknown): string | null {
  const type = String(field(recorded, 'type'));
  if (type === 'process') return checkProcess(recorded);
  const reader = readers.get(type);
  if (reader === undefined) return `no reader for the type ${type}`;
  const block = field(recorded, 'block');
  const words: Words = {
    args: strings(field(recorded, 'args')),
    block: block === undefined ? 'none' : String(block).trim() === '' ? 'empty' : 'filled',
  };
  const reading = reader(words, strings(field(recorded, 'allowed')));
  const actual = reading.ok ? { ok: true, value: reading.value } : { ok: false, error: PLACE + reading.error };
  return difference(field(recorded, 'expect'), actual);
}

export const values: ConformanceKind = {
  name: 'values',
  recognises: (_, cases) => cases.length > 0 && cases.every((recorded) => field(recorded, 'type') !== undefined),
  check: checkValue,
};
