import type { DirectiveSpec, TypeName } from '../catalog/define.ts';
import { readBuffer } from '../catalog/values/buffer.ts';
import { readCompression } from '../catalog/values/compression.ts';
import { readDataSize } from '../catalog/values/data-size.ts';
import { readDuration } from '../catalog/values/duration.ts';
import { readLdapBind } from '../catalog/values/ldap-bind.ts';
import { readLimit } from '../catalog/values/limit.ts';
import { readNetworks } from '../catalog/values/network.ts';
import { readFloat, readInt } from '../catalog/values/numbers.ts';
import { type Reading, read, type Words } from '../catalog/values/reading.ts';
import { readCommandCode, readFailAction, readReply } from '../catalog/values/reply.ts';
import { readSmtpClientAuth } from '../catalog/values/smtp-client-auth.ts';
import { readBool, readEnum, readString, readStringList } from '../catalog/values/text.ts';
import { readTlsNames, readTlsVersions } from '../catalog/values/tls.ts';
import { readAnyStrings, readFlag, readLogTargets, readStaticEntry } from '../catalog/values/words.ts';
import type { PlanData } from '../plan/plan.ts';

/** Types whose values are plain data: no module and no block of directives is in them. */
export type PlainType = Exclude<
  TypeName,
  'module_ref' | 'tls_server' | 'tls_client' | 'proxy_protocol' | 'dnsbl_list' | 'dnsbl_response' | 'pipeline'
>;

type Reader = (words: Words, spec: DirectiveSpec) => Reading<PlanData>;

const readers: { readonly [T in PlainType]: Reader } = {
  bool: readBool,
  int: (words) => asNumber(readInt(words), 1),
  float: readFloat,
  string: readString,
  block_name: readString,
  endpoint: readString,
  string_list: readStringList,
  endpoint_list: readStringList,
  any_strings: readAnyStrings,
  networks: readNetworks,
  duration: (words) => asNumber(readDuration(words), 1e6),
  datasize: (words) => asNumber(readDataSize(words), 1),
  enum: (words, spec) => readEnum(words, spec.values ?? []),
  cipher_list: (words, spec) => readTlsNames(words, spec.values ?? [], 'cipher'),
  curve_list: (words, spec) => readTlsNames(words, spec.values ?? [], 'curve'),
  flag: readFlag,
  reply: (words) => readReply(words.args, 0),
  fail_action: (words) => readFailAction(words),
  command_code: readCommandCode,
  limit: readLimit,
  tls_versions: readTlsVersions,
  buffer: readBuffer,
  smtp_client_auth: readSmtpClientAuth,
  static_entry: readStaticEntry,
  ldap_bind: readLdapBind,
  compression: readCompression,
  log_targets: readLogTargets,
};

/** The typed value of a directive's words: durations in milliseconds, sizes in bytes. */
export function readValue(type: PlainType, words: Words, spec: DirectiveSpec): Reading<PlanData> {
  return readers[type](words, spec);
}

export function isPlainType(type: TypeName): type is PlainType {
  return Object.hasOwn(readers, type);
}

function asNumber(reading: Reading<bigint>, divisor: number): Reading<number> {
  return reading.ok ? read(Number(reading.value) / divisor) : reading;
}
