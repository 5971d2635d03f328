import type { Static, TSchema } from 'typebox';
import type { PlanUse } from '../plan/plan.ts';
import type { dnsblList } from './blocks/dnsbl-list.ts';
import type { dnsblResponse } from './blocks/dnsbl-response.ts';
import type { proxyProtocol } from './blocks/proxy-protocol.ts';
import type { tlsClient } from './blocks/tls-client.ts';
import type { tlsServer } from './blocks/tls-server.ts';
import type { BodySpec, DirectiveSpec, InlineArg } from './define.ts';
import type { valueSchemas } from './value-schemas.ts';

/** The configuration that the compiler makes of a catalog entry, and that a plan holds: derived, never written down. */
export type ConfigOf<M extends BodySpec> = Flat<
  DirectiveConfig<M['directives']> & Collected<M['directives']> & InlineConfig<M> & UnknownConfig<M>
>;

type Flat<T> = { readonly [K in keyof T]: T[K] };

type Schemas = typeof valueSchemas;
type Plain = { [K in keyof Schemas]: ReturnType<Schemas[K]> extends infer S extends TSchema ? Static<S> : never };

/** `tls`: `enabled` is false for `tls off`; without a loader connections have no certificate. */
type TlsServer = { readonly enabled: boolean } & ConfigOf<typeof tlsServer>;

interface Blocks {
  readonly tls_server: TlsServer;
  readonly tls_client: ConfigOf<typeof tlsClient>;
  readonly proxy_protocol: ConfigOf<typeof proxyProtocol>;
  readonly dnsbl_list: { readonly zones: readonly string[] } & ConfigOf<typeof dnsblList>;
  readonly dnsbl_response: { readonly networks: readonly string[] } & ConfigOf<typeof dnsblResponse>;
}

type ValueOf<D extends DirectiveSpec> = D extends {
  readonly type: 'enum';
  readonly values: readonly (infer V)[];
}
  ? V
  : D extends { readonly type: 'cipher_list' | 'curve_list'; readonly values: readonly (infer V)[] }
    ? readonly V[]
    : D['type'] extends keyof Blocks
      ? Blocks[D['type']]
      : D['type'] extends keyof Plain
        ? Plain[D['type']]
        : never;

type Repeated<D extends DirectiveSpec> = D extends { readonly repeatable: 'list' } ? readonly ValueOf<D>[] : ValueOf<D>;

/** Pipelines and collected directives have no key of their own. */
type OwnKeys<D> = {
  [K in keyof D]: D[K] extends { readonly type: 'pipeline' } | { readonly collect: unknown } ? never : K;
}[keyof D];

/** Madmail's additions are absent elsewhere, so that even their defaults are not sure to be there. */
type AlwaysThere<S> = S extends { readonly dialects: readonly ('madmail-0' | 'madmail-2')[] }
  ? false
  : S extends { readonly required: true } | { readonly repeatable: 'list' | 'accumulates' }
    ? true
    : S extends { readonly default: unknown }
      ? true
      : false;

type DirectiveConfig<D extends { readonly [name: string]: DirectiveSpec }> = {
  readonly [K in OwnKeys<D> as AlwaysThere<D[K]> extends true ? K : never]: Repeated<D[K]>;
} & {
  readonly [K in OwnKeys<D> as AlwaysThere<D[K]> extends true ? never : K]?: Repeated<D[K]> | undefined;
};

type Lists<D> = D[keyof D] extends infer S
  ? S extends { readonly collect: { readonly into: infer L } }
    ? L
    : never
  : never;

type Element<D extends DirectiveSpec> = D extends {
  readonly collect: { readonly as: infer A extends string; readonly add: infer More };
}
  ? { readonly [P in A]: ValueOf<D> } & { readonly [P in keyof More]: Widen<More[P]> }
  : ValueOf<D>;

type Widen<T> = T extends boolean ? boolean : T;

type Collected<D extends { readonly [name: string]: DirectiveSpec }> = {
  readonly [L in Lists<D> & string]: readonly {
    [K in keyof D]: D[K] extends { readonly collect: { readonly into: L } } ? Element<D[K]> : never;
  }[keyof D][];
};

type InlineConfig<M> = M extends { readonly inlineArgs: infer I }
  ? I extends { readonly rule: 'positional'; readonly args: readonly (infer A)[] }
    ? M extends { readonly directives: infer D }
      ? PositionalConfig<Exclude<A, { readonly into: keyof D }>>
      : never
    : I extends { readonly rule: 'module'; readonly into: infer K extends string }
      ? { readonly [P in K]: PlanUse }
      : unknown
  : unknown;

/** A repeated argument gives a list, which is empty without any. */
type PositionalConfig<A> = {
  readonly [E in A as E extends InlineArg & ({ readonly required: true } | { readonly repeated: true })
    ? E['into']
    : never]: E extends { readonly repeated: true } ? readonly string[] : string;
} & {
  readonly [E in A as E extends InlineArg & ({ readonly required: true } | { readonly repeated: true })
    ? never
    : E extends InlineArg
      ? E['into']
      : never]?: string | undefined;
};

type UnknownConfig<M extends BodySpec> = M['unknown'] extends {
  readonly modules: unknown;
  readonly into: infer K extends string;
}
  ? { readonly [P in K]: readonly PlanUse[] }
  : M['unknown'] extends { readonly block: infer B extends keyof Blocks; readonly into: infer K extends string }
    ? { readonly [P in K]: readonly Blocks[B][] }
    : unknown;
