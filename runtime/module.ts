import type { LookupFunction } from 'node:net';
import type { PlanModule, PlanPipeline, PlanUse, ReplyValue } from '../compiler/plan/plan.ts';
import type { Answer } from '../compiler/routing/later.ts';
import type { PolicySearch } from './dmarc/policy-search.ts';
import type { Resolver } from './dns/resolver.ts';
import type { Limits, LimitsFactory } from './limits/limits.ts';
import type { Logger } from './observe/log.ts';
import type { Metrics } from './observe/metrics.ts';
import type { MethodResult } from './pipeline/authentication-results.ts';
import type { QueueClaims } from './queue/hosts.ts';
import type { MxPolicy } from './remote/policy.ts';

/** A value that is at hand, or that comes later. Callers must not await what is at hand: a burst of replies leaves in one write. */
export type Eventually<T> = Answer<T>;

/** An SMTP reply with its enhanced status code, without the message id that the session appends. */
export type Reply = ReplyValue;

export interface ReplyErrorOptions extends ErrorOptions {
  /**
   * The message that the reply's suffix names. Without it the session uses the transaction's id;
   * null: no suffix at all (runtime-core 6.3).
   */
  readonly messageId?: string | null;
}

/** A failure whose reply is known. Anything else that is thrown is a fault of ours and becomes 451 4.0.0. */
export class ReplyError extends Error {
  readonly reply: Reply;
  /** Fields for the log line only. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly messageId: string | null | undefined;
  constructor(reply: Reply, fields: Readonly<Record<string, unknown>> = {}, options: ReplyErrorOptions = {}) {
    super(`${reply.code} ${reply.enhanced} ${reply.text}`, options);
    this.reply = reply;
    this.fields = fields;
    this.messageId = options.messageId;
  }
}

/** `table`: keys are used literally; callers normalise (runtime-core 13). */
export interface Table {
  /** All values of the key, in order; an empty list when the key is absent. */
  lookup(key: string): Eventually<readonly string[]>;
}

/** A table that can be written, for commands that look after accounts. */
export interface ManagedTable extends Table {
  /** Absent where the configuration gives no way to write. */
  readonly manage?: {
    /** All keys, in the table's order. */
    keys(): Promise<readonly string[]>;
    put(key: string, value: string): Promise<void>;
    /** A key that is not there is no error. */
    remove(key: string): Promise<void>;
  };
}

/** Accounts whose passwords are kept here. */
export interface Accounts {
  list(): Promise<readonly string[]>;
  /** Normalised as `auth.pass_table` looks it up; null for a name that cannot be one. */
  keyOf(user: string): string | null;
  has(key: string): Promise<boolean>;
  /** `hash`: `bcrypt:…` or `argon2:…`. */
  put(key: string, hash: string): Promise<void>;
  remove(key: string): Promise<void>;
}

export interface AuthRequest {
  readonly user: string;
  readonly password: string;
  /** Client address and port, server address and port, as far as known. */
  readonly remote: { readonly address: string; readonly port: number } | null;
  readonly local: { readonly address: string; readonly port: number } | null;
  readonly secured: boolean;
}

/** `temporary` becomes 454 4.7.0 (D6): a client must not learn "wrong password" from a stopped service. */
export type AuthVerdict =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'temporary'; readonly reason: string };

export interface AuthProvider {
  authenticate(request: AuthRequest): Promise<AuthVerdict>;
}

export interface Login {
  readonly user: string;
  readonly password: string;
  /** Of SASL, in upper case, where it is known. */
  readonly mechanism?: string;
}

export interface Encryption {
  /** `1.2` or `1.3`. */
  readonly version: string;
  /** IANA's name of the cipher suite. */
  readonly cipher: string;
}

/** What everything about one message shares. */
export interface MessageContext {
  /** 8 lower-case hex digits. */
  readonly id: string;
  readonly client: {
    /** Un-mapped IP address; null for unix sockets and generated mail. */
    readonly address: string | null;
    readonly port: number | null;
    readonly helo: string;
    /** First PTR name without its final dot, null when there is none. */
    readonly reverseName: () => Eventually<string | null>;
    readonly tls: boolean;
    /** What the TLS handshake came to, where it is known. */
    readonly encryption?: Encryption | null;
  } | null;
  /** User name and password of the session; the password only for `auth forward`. */
  readonly auth: Login | null;
  /** MAIL FROM as received; empty for the null sender. */
  readonly originalFrom: string;
  readonly smtputf8: boolean;
  readonly requireTls: boolean;
  /** SIZE as declared, if it was. */
  readonly declaredSize: number | null;
  /** Set in the body stage (11.5). */
  quarantined: boolean;
  /** `TLS-Required: No` was seen. */
  tlsNotRequired: boolean;
  /** What is written about the message must not tell where it came from (submission). */
  readonly hidesClient?: boolean;
}

/** Header fields as received, written back byte for byte; new ones are added on top. */
export interface MessageHeader {
  /** First field of that name, unfolded value, or null. */
  get(name: string): string | null;
  getAll(name: string): readonly string[];
  /** Fields of that name. */
  count(name: string): number;
  /** Adds a field above everything, folded as runtime-core 9.3 says. */
  prepend(name: string, value: string): void;
  /** Adds raw bytes (a field with its CRLF) above everything. */
  prependRaw(field: Buffer): void;
  /** Puts another field in the place of one, or removes it; where there are not so many, the field is added below all. */
  change(change: HeaderChange): void;
  /** The same fields; what is added to one is not added to the other. */
  copy(): MessageHeader;
  /** All fields from the top, each with its CRLF, as they will be written. */
  fields(): readonly HeaderField[];
  /** The header with its fields' CRLF, without the empty line that ends it. */
  bytes(): Buffer;
  /** The same bytes in pieces, dot-stuffed as DATA sends them. */
  wirePieces(): readonly Buffer[];
}

export interface HeaderField {
  /** In lower case. */
  readonly name: string;
  readonly raw: Buffer;
}

/** The body after the empty line. Written once, read many times, never copied whole. */
export interface MessageBody {
  /** Bytes that `chunks` gives; not dot-stuffed. */
  readonly size: number;
  chunks(): AsyncIterable<Buffer> | Iterable<Buffer>;
  /** The same bytes for who is done with each piece before taking the next: large bodies then need no memory but one block. */
  readonly passingChunks?: () => AsyncIterable<Buffer> | Iterable<Buffer>;
  /** The same with CRLF line ends only, where `chunks` has bare CR or LF (D23). */
  readonly repaired?: MessageBody;
  /** Dot-stuffed, each line with its CRLF, without the final dot: as received, where that can be sent on as it is. */
  readonly wireChunks?: () => AsyncIterable<Buffer> | Iterable<Buffer>;
}

/** Header and body of a message. */
export interface MessageContent {
  readonly header: MessageHeader;
  readonly body: MessageBody;
}

export interface Message extends MessageContent {
  readonly context: MessageContext;
  /** As it came, for modifiers that judge what others have signed; absent where nothing was changed since. */
  readonly received?: MessageContent;
}

/** One message on its way to one target. Errors are thrown as ReplyError. */
export interface Delivery {
  /** `to` is the final address, `original` the one that the client named. */
  addRecipient(to: string, original: string): Eventually<void>;
  /** Hands over the content. With `perRecipient` the target reports each recipient's own fate instead of throwing. */
  body(message: Message, perRecipient: ((to: string, error: ReplyError | null) => void) | null): Eventually<void>;
  commit(): Eventually<void>;
  /** Never throws. */
  abort(): Eventually<void>;
}

export interface Target {
  /** Opens a delivery; the connection downstream may be made lazily, but a refusal must be told by the first addRecipient. */
  start(context: MessageContext, from: string): Eventually<Delivery>;
  /**
   * Where mail for this recipient goes, for targets that reach many places: a queue keeps one of them that is down from holding up
   * the others. In a form in which equal places are equal; without it the target is one place.
   */
  destinationOf?(to: string): string;
}

export type CheckStage = 'connection' | 'sender' | 'recipient' | 'body';

/** What a check leaves behind whatever it decides. */
export interface CheckNotes {
  /** For Authentication-Results, and for DMARC to weigh. */
  readonly authResults?: readonly MethodResult[];
  /** Fields to add above the message, in order. */
  readonly header?: readonly NewField[];
  /** What becomes of fields that the message has, as the check was shown them; before anything is added. */
  readonly headerChanges?: readonly HeaderChange[];
}

/** To be folded and written as runtime-core 9.3 says, or the bytes of the field with its CRLF. */
export type NewField = readonly [name: string, value: string] | Buffer;

export interface HeaderChange {
  readonly name: string;
  /** Among the fields of that name, from 1 at the top. */
  readonly occurrence: number;
  /** The field that takes its place, with its CRLF; null: it is removed. */
  readonly field: Buffer | null;
}

/** A finding and what to do with it (runtime-mta 11.3); `ignore` is only logged. */
export interface CheckFinding {
  readonly kind: 'ignore' | 'quarantine' | 'reject';
  readonly reply: Reply;
  /** For the log only. */
  readonly reason: string;
  readonly fields?: Readonly<Record<string, unknown>>;
}

export type CheckVerdict = CheckNotes & ({ readonly kind: 'pass' } | CheckFinding);

/** State of one check for one message; stages come in order and `recipient` once per recipient. */
export interface CheckRun {
  connection?(): Eventually<CheckVerdict>;
  sender?(from: string): Eventually<CheckVerdict>;
  recipient?(to: string): Eventually<CheckVerdict>;
  body?(message: Message): Eventually<CheckVerdict>;
  /** The message is through or given up: what is held for it can go. Must not throw. */
  end?(): void;
}

export interface Check {
  /** At EHLO, before any message (dnsbl check_early). */
  early?(client: NonNullable<MessageContext['client']>): Eventually<CheckVerdict>;
  start(context: MessageContext): CheckRun;
}

export interface Modifier {
  sender?(context: MessageContext, from: string): Eventually<string>;
  recipient?(context: MessageContext, to: string): Eventually<readonly string[]>;
  /** `from`: the envelope sender as targets will be told. */
  body?(message: Message, from: string): Eventually<void>;
}

export interface Interfaces {
  readonly table?: ManagedTable;
  readonly accounts?: Accounts;
  readonly auth?: AuthProvider;
  readonly target?: Target;
  readonly check?: Check;
  readonly modifier?: Modifier;
  readonly limits?: Limits;
  /** One member of `mx_auth`, or all of a group in the order in which they are applied. */
  readonly mxPolicies?: readonly MxPolicy[];
}

/** A running module. Listeners are endpoints' business and open in `start`. */
export interface ModuleInstance extends Interfaces {
  start?(): Promise<void>;
  /** Ends within the deadline (of `monotonicTime`); must not throw. */
  stop?(deadline: number): Promise<void>;
}

export interface ModuleContext {
  readonly log: Logger;
  /** `state_dir` and `runtime_dir`, absolute. */
  readonly stateDir: string;
  readonly runtimeDir: string;
  /** Helper programs. */
  readonly libexecDir: string;
  readonly debug: boolean;
  /** Of the module, or of the whole configuration. */
  readonly hostname: string;
  /** One for the whole process, with its cache. */
  readonly resolver: Resolver;
  /** How names of other servers are found; as this system does it when absent. */
  readonly hostLookup?: LookupFunction;
  /** How policies of DMARC are found. */
  readonly policySearch: PolicySearch;
  /** Where the servers that MX records name listen: 25, but for tests. */
  readonly mxPort: number;
  readonly metrics: Metrics;
  readonly createLimits: LimitsFactory;
  /** Of several processes that serve together one delivers what is in queue files. */
  readonly keepsQueues: boolean;
  /** Instance of another block, or of a module written in place; made once per block. */
  resolve(use: PlanUse): ModuleInstance;
  /** Mail for this target goes through a pipeline of the plan, as behind `deliver_to`: for queues and their bounces. */
  pipelineTarget(pipeline: PlanPipeline): Target;
  readonly queues: QueueClaims;
  /** The plan's own entry, for its place and name. */
  readonly plan: PlanModule;
}

/**
 * One file a module in `runtime/modules/KIND/NAME.ts`; `name` is the catalog entry's. A module that names the parts of the context
 * that it takes can also be made where there is no more than those.
 */
export interface ModuleDefinition<Config, Context = ModuleContext> {
  readonly name: string;
  create(config: Config, context: Context): ModuleInstance;
}
