import { type TSchema, type TUnsafe, Type } from 'typebox';
import type { PlanUse } from '../plan/plan.ts';

/**
 * JSON Schema and TypeScript type of each kind of value, by the type names of the catalog. Only `scripts/generate.ts`
 * evaluates this file; everything else imports its types, so that a check never loads TypeBox.
 */

export const useSchema = (): TUnsafe<PlanUse> => Type.Unsafe<PlanUse>(Type.Ref('use'));

const reply = () =>
  Type.Object({
    code: Type.Integer({ minimum: 400, maximum: 599 }),
    enhanced: Type.String({ pattern: '^[45]\\.\\d+\\.\\d+$' }),
    text: Type.String({ minLength: 1 }),
  });

const failAction = () =>
  Type.Object({
    action: Type.Enum(['ignore', 'quarantine', 'reject']),
    /** Null: the check's own reply is used. */
    reply: Type.Union([reply(), Type.Null()]),
  });

const limit = () =>
  Type.Union([
    Type.Object({
      kind: Type.Literal('rate'),
      burst: Type.Integer({ minimum: 0 }),
      period: Type.Number({ minimum: 0 }),
    }),
    Type.Object({ kind: Type.Literal('concurrency'), max: Type.Integer({ minimum: 0 }) }),
  ]);

const tlsVersion = () => Type.Enum(['tls1.0', 'tls1.1', 'tls1.2', 'tls1.3']);

export const valueSchemas = {
  /** What a refused client is told. */
  reply,
  bool: () => Type.Boolean(),
  int: () => Type.Integer(),
  float: () => Type.Number(),
  string: () => Type.String(),
  string_list: () => Type.Array(Type.String(), { minItems: 1 }),
  /** As `string_list`, but no argument at all is fine. */
  any_strings: () => Type.Array(Type.String()),
  /** Milliseconds. */
  duration: () => Type.Number({ minimum: 0 }),
  /** Bytes. */
  datasize: () => Type.Integer({ minimum: 0 }),
  /** An address as written: `unix:///run/x`, `tcp://127.0.0.1:25`. */
  endpoint: () => Type.String(),
  endpoint_list: () => Type.Array(Type.String(), { minItems: 1 }),
  /** Addresses and networks in CIDR form. */
  networks: () => Type.Array(Type.String(), { minItems: 1 }),
  /** The bare name of a block, without `&`. */
  block_name: () => Type.String(),
  /** Stands for itself; its arguments mean nothing. */
  flag: () => Type.Literal(true),
  module_ref: () => useSchema(),
  fail_action: failAction,
  /** What is done for an exit code of a program. */
  command_code: () => Type.Object({ exitCode: Type.Integer(), ...failAction().properties }),
  limit,
  /** Null: the library's own limit. */
  tls_versions: () =>
    Type.Object({ min: Type.Union([tlsVersion(), Type.Null()]), max: Type.Union([tlsVersion(), Type.Null()]) }),
  buffer: () =>
    Type.Object({
      mode: Type.Enum(['ram', 'fs', 'auto']),
      /** Bytes up to which `auto` keeps a body in memory. */
      maxSize: Type.Optional(Type.Integer()),
      directory: Type.Optional(Type.String()),
    }),
  smtp_client_auth: () =>
    Type.Union([
      Type.Object({ mechanism: Type.Enum(['off', 'forward', 'external']) }),
      Type.Object({ mechanism: Type.Enum(['plain', 'login']), user: Type.String(), password: Type.String() }),
    ]),
  static_entry: () => Type.Object({ key: Type.String(), values: Type.Array(Type.String(), { minItems: 1 }) }),
  ldap_bind: () =>
    Type.Union([
      Type.Object({ mechanism: Type.Enum(['off', 'external']) }),
      Type.Object({ mechanism: Type.Literal('unauth'), dn: Type.Optional(Type.String()) }),
      Type.Object({ mechanism: Type.Literal('plain'), dn: Type.String(), password: Type.String() }),
    ]),
  compression: () =>
    Type.Object({
      algorithm: Type.Enum(['off', 'zstd', 'lz4']),
      level: Type.Optional(Type.Integer()),
    }),
  log_targets: () => Type.Array(Type.String(), { minItems: 1 }),
} satisfies Record<string, () => TSchema>;
