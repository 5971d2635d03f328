import type { Dialect } from '../../grammar/dialect.ts';
import type { Interface, WantedInterface } from './interfaces.ts';
import type { valueSchemas } from './value-schemas.ts';

/** The shapes of catalog entries. Entries are plain data: no function runs when they are loaded. */

/** Blocks with a directive table of their own that are no modules. */
export type BlockName = 'tls_server' | 'tls_client' | 'proxy_protocol' | 'dnsbl_list' | 'dnsbl_response';

/** `pipeline` stands for the body of a message pipeline, which has a language of its own. */
export type TypeName = keyof typeof valueSchemas | 'enum' | 'cipher_list' | 'curve_list' | BlockName | 'pipeline';

/** Words as they would stand in the file; one word may be given as a bare value. */
export type DefaultWords = string | number | boolean | readonly string[];

export interface DirectiveSpec {
  readonly type: TypeName;
  /** Markdown, a sentence or two. */
  readonly doc: string;
  readonly required?: true;
  /** What several occurrences do; without it a second one is an error. */
  readonly repeatable?: 'list' | 'accumulates' | 'last';
  /** The global directive of the same name is used when this one is absent. */
  readonly inheritsGlobal?: true;
  readonly default?: DefaultWords;
  /** What happens when it is not set and no default value says it. */
  readonly whenUnset?: string;
  /** All values of an enum; suggestions for other types. */
  readonly values?: readonly string[];
  /** The interface that a referenced module must have. */
  readonly expects?: WantedInterface;
  /** The arguments are those of this module, which is not named. */
  readonly implies?: string;
  /** Its values go to a list of that key instead of its own, in the order of the file. */
  readonly collect?: Collect;
  /** maddy's text when the module is of the wrong kind, where it has its own; it configures the module first then. */
  readonly mismatch?: string;
  /** maddy's text when a `block_name` names no block; without it a wrong name passes. */
  readonly unresolved?: string;
  /** maddy's text for a number out of range, where it does not accept it in silence. */
  readonly outOfRange?: string;
  /** What to write instead; empty: nothing, remove it. */
  readonly deprecated?: string;
  /** An addition of ours: maddy refuses it, which only `--as maddy-0.9.4` says. */
  readonly extension?: true;
  /** Only in these dialects; otherwise in those of its module. */
  readonly dialects?: readonly Dialect[];
  /** Arguments from this one on (0 = first) are secret: reports must not show them. */
  readonly secretFrom?: number;
  /** Completion text in the snippet syntax of editors; derived from type and values when absent. */
  readonly snippet?: string;
  readonly notes?: readonly string[];
}

export interface Collect {
  readonly into: string;
  /** Elements are objects that hold the value under this key, and `add`; otherwise they are the value. */
  readonly as?: string;
  readonly add?: SchemaLiteral;
  /** Of elements that agree in this key only the last one stays. */
  readonly unique?: string;
}

/** One argument of a module, after its name. */
export interface InlineArg {
  readonly name: string;
  readonly type: 'string' | 'endpoint';
  readonly doc: string;
  /** Key of the configuration that takes it: a directive's name, or a key of its own. */
  readonly into: string;
  readonly required?: true;
  readonly repeated?: true;
}

export type InlineArgs =
  /** Listen addresses of an endpoint. */
  | { readonly rule: 'addresses'; readonly doc: string }
  /** maddy reads over them; so do we, with a warning. */
  | { readonly rule: 'ignored' }
  /** `error` is maddy's text. */
  | { readonly rule: 'refused'; readonly error: string }
  /** The arguments, and the block, are those of another module. */
  | {
      readonly rule: 'module';
      readonly into: string;
      readonly expects: WantedInterface;
      readonly required?: true;
      readonly doc: string;
    }
  | {
      readonly rule: 'positional';
      readonly args: readonly InlineArg[];
      /**
       * `append`: after the values of the directive of that name. `fallback`: the directive wins. `exclusive`: only one of
       * the two may be given. `pairs`: arguments go to the two keys in turn, before the directives' values.
       */
      readonly combine: 'append' | 'fallback' | 'exclusive' | 'pairs';
      /** maddy's text when a required argument is missing; null when maddy crashes. */
      readonly missing?: string | null;
      readonly missingAt?: 'directive';
      /** maddy's text for more arguments than there are. */
      readonly tooMany?: string;
      /** maddy's text when some are given but not all that belong together. */
      readonly tooFew?: string;
      /** maddy's text when the directive is given too, for `exclusive`; or an argument lacks its partner, for `pairs`. */
      readonly clash?: string;
    };

/** What becomes of a directive that is not in the table. */
export type UnknownPolicy =
  | 'refused'
  /** The whole block is read over. */
  | 'ignored'
  /** Handed to the message pipeline. */
  | 'pipeline'
  /** Only at the top level of a file. */
  | 'module_block'
  /** Refused, after its values were read as this type; `maddy` is its text. */
  | { readonly values: TypeName; readonly maddy: string }
  | {
      /** Each directive is a module of this kind; they go to the key `into`. */
      readonly modules: WantedInterface;
      readonly into: string;
      readonly doc: string;
      readonly snippet: string;
    }
  | {
      /** Each directive is a block of this kind whose name is its first argument. */
      readonly block: BlockName;
      readonly into: string;
      readonly doc: string;
      readonly snippet: string;
    };

/** Part of a JSON Schema, as data. */
export type SchemaLiteral = { readonly [key: string]: SchemaValue };
export type SchemaValue = string | number | boolean | readonly SchemaValue[] | SchemaLiteral;

/** What kind of mistake a broken constraint is; each has its code in `ir/constraint-codes.ts`. */
export type ConstraintKind =
  | 'missing-part'
  | 'conflict'
  | 'value'
  | 'relative-path'
  | 'submission-without-auth'
  | 'bounce-without-domain'
  | 'inline-queue-without-location';

/** A condition over several directives of one block, said as JSON Schema; it becomes part of the entry's schema. */
export interface Constraint {
  readonly kind: ConstraintKind;
  /** Keys that it is about: the finding stands at the first one that is written, and is left out while one is not readable. */
  readonly about: readonly string[];
  readonly holds: SchemaLiteral;
  /** `{key}` stands for the value of that key. */
  readonly message: string;
  readonly details: readonly string[];
  /** maddy's own text, with the same placeholders; absent when maddy accepts it. */
  readonly maddy?: string;
  /** maddy names the line of the block, or of the first key; otherwise no line. */
  readonly maddyAt?: 'block' | 'key';
  /** Only for modules that are written in place, or only for named ones. */
  readonly only?: 'inline' | 'named';
  /** maddy looks at this before the directives. */
  readonly early?: true;
}

/** Conditions that a JSON Schema cannot say; `ir/checks/` has one function for each. */
export type NamedCheck =
  | { readonly check: 'hostname-label'; readonly prefix?: string }
  /** Addresses to connect to. `maddy` is its text; `{error}` is the parser's. */
  | { readonly check: 'endpoints'; readonly key: string; readonly maddy: string; readonly refuseTls?: string }
  /** Addresses to listen on; what becomes of `tls://`, and maddy's text when it refuses that at load. */
  | {
      readonly check: 'listen';
      readonly maddy: string;
      readonly secure: 'plain' | 'needs-tls' | 'refused';
      readonly maddySecure?: string;
    }
  | { readonly check: 'certificates' }
  | { readonly check: 'expression' }
  | { readonly check: 'domains'; readonly key: string; readonly maddy: string }
  | { readonly check: 'local-address' }
  /** What is known of a database and of statements for it before it is asked. */
  | { readonly check: 'sql' }
  | { readonly check: 'policies-once' };

export interface BodySpec {
  readonly doc: string;
  readonly directives: { readonly [name: string]: DirectiveSpec };
  readonly unknown: UnknownPolicy;
  readonly rules?: readonly (Constraint | NamedCheck)[];
  readonly example?: string;
  readonly notes?: readonly string[];
  /** Page below docs/reference of maddy's manual. */
  readonly docPage?: string;
}

export type ModuleKind =
  | 'endpoint'
  | 'check'
  | 'modifier'
  | 'target'
  | 'storage'
  | 'table'
  | 'auth'
  | 'tls_loader'
  | 'mx_auth_policy'
  | 'blob_store'
  | 'imap_filter'
  | 'libdns'
  | 'group'
  | 'other';

export interface ModuleSpec extends BodySpec {
  /** As registered. */
  readonly name: string;
  readonly kind: ModuleKind;
  readonly implements: readonly Interface[];
  /** The name that maddy's messages use where it differs. */
  readonly reportedName?: string;
  readonly dialects: readonly Dialect[];
  readonly inlineArgs: InlineArgs;
  /** maddy files a named block under the module's name instead of the block's (D19). */
  readonly registersAs?: 'module-name';
  /** Not part of maddy: an extension of ours. */
  readonly extension?: true;
  readonly since?: string;
  readonly deprecated?: string;
  /** Normal builds of maddy lack it. */
  readonly build?: string;
  /** What must exist outside the file. */
  readonly environment?: string;
  /** Whether our runtime runs it; a test holds this against the runtime's modules. */
  readonly runtime: boolean;
}

export interface BlockSpec extends BodySpec {
  readonly name: BlockName;
}

export function defineModule<const M extends ModuleSpec>(spec: M): M {
  return spec;
}

export function defineBlock<const B extends BlockSpec>(spec: B): B {
  return spec;
}

export function defineBody<const B extends BodySpec>(spec: B): B {
  return spec;
}

export function defineDirective<const D extends DirectiveSpec>(spec: D): D {
  return spec;
}

export function defineDirectives<const D extends { readonly [name: string]: DirectiveSpec }>(directives: D): D {
  return directives;
}
