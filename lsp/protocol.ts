import type { Position, Range, WorkspaceEdit } from 'vscode-languageserver';
import type { GraphEdgeJson, GraphNodeJson as UnplacedNode } from '../compiler/graph/graph-json.ts';
import type { RouteFateJson, RouteJson, RouteRecipientJson } from '../compiler/routing/explain/route-json.ts';

export type { GraphEdgeJson, RouteFateJson, RouteJson, RouteRecipientJson };

/**
 * What maddyc's own clients and the server ask of each other beyond the Language Server Protocol. Values are plain JSON.
 * Requests name a document; the answer is about the main file that it is part of (`MainFileParams` tells which). Lines and
 * columns in JSON that the commands print, too, count from 1 (`location`); `Range` is the protocol's own.
 */

/** Only from a server that runs in a browser worker, which has no files of its own. */
export const readFileMethod = 'maddy/readFile';

export interface ReadFileParams {
  readonly uri: string;
}

export type ReadFileAnswer =
  | { readonly kind: 'bytes'; readonly base64: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'directory' }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** Also only from a server in a worker: the files below a folder whose names end in one of these, at most `limit`. */
export const findFilesMethod = 'maddy/findFiles';

export interface FindFilesParams {
  readonly folder: string;
  /** `.conf`, `maddyc.json` */
  readonly endings: readonly string[];
  readonly limit: number;
}

export interface FindFilesAnswer {
  readonly uris: readonly string[];
}

export interface DocumentParams {
  readonly uri: string;
}

/** A finding that stands in the way. */
export interface Obstacle {
  readonly message: string;
  /** Null when it has no place. */
  readonly uri: string | null;
  readonly range: Range | null;
}

/** Why there is no answer: what to tell the user, and the errors that are the cause. */
export interface Refusal {
  readonly ok: false;
  readonly message: string;
  readonly errors: readonly Obstacle[];
}

/** What every good answer says. */
export interface Answered {
  readonly ok: true;
  /** URI of the main file that it is about. */
  readonly main: string;
  /** URIs of the paths that `location`s name. */
  readonly uris: Readonly<Record<string, string>>;
}

/** Main files that a document is part of. */
export const mainFilesMethod = 'maddy/mainFiles';

export interface MainFilesAnswer {
  /** Those that import the document, or itself. */
  readonly mains: readonly string[];
  /** The one that requests are answered for. */
  readonly chosen: string;
}

/** Answer requests about a document for this main file from now on; null: as if nothing was chosen. Gives `MainFilesAnswer`. */
export const chooseMainFileMethod = 'maddy/chooseMainFile';

export interface ChooseMainFileParams extends DocumentParams {
  readonly main: string | null;
}

/** The effective configuration: without macros, snippets and imports. */
export const expandedTextMethod = 'maddy/expandedText';

export type ExpandedTextAnswer =
  | (Answered & {
      readonly text: string;
      /** For each line of the text, from 0: where its directive stands; null where none begins. */
      readonly origins: readonly ({ readonly uri: string; readonly range: Range } | null)[];
    })
  | Refusal;

/** The plan, as `maddyc compile` writes it. */
export const compileMethod = 'maddy/compile';

export type CompileAnswer = (Answered & { readonly text: string }) | Refusal;

export const dovecotMethod = 'maddy/dovecot';

export interface DovecotParams extends DocumentParams {
  readonly release: '2.3' | '2.4';
}

/** Dovecot's own configuration for the sockets that this one connects to, as `maddyc dovecot render` has it. */
export type DovecotAnswer = (Answered & { readonly text: string; readonly notes: readonly string[] }) | Refusal;

/** The same envelope as that of `maddyc route`. */
export interface RouteParams extends DocumentParams {
  /** Empty for the null sender. */
  readonly from: string;
  readonly to: readonly string[];
  /** As `RouteFormAnswer` lists them. */
  readonly endpoint?: string | null;
  readonly auth?: string | null;
  readonly ip?: string | null;
  /** Whether MAIL says SMTPUTF8; untold: when an address needs it. */
  readonly smtputf8?: boolean | null;
  /** Verdicts of checks, by name. */
  readonly checks?: Readonly<Record<string, string>>;
  /** Answers of tables: by name, key to values; an empty list: the key is absent. */
  readonly tables?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

export const routeMethod = 'maddy/route';

export type RouteAnswer =
  | (Answered & {
      /** As `maddyc route --json`. */
      readonly route: RouteJson;
      /** As `maddyc route`. */
      readonly text: string;
    })
  | Refusal;

/** What a form for `maddy/route` offers. */
export const routeFormMethod = 'maddy/routeForm';

export type RouteFormAnswer =
  | (Answered & {
      /** `smtp tcp://0.0.0.0:25`; those that take mail. */
      readonly endpoints: readonly EndpointForm[];
      /** Domains whose mail stays here. */
      readonly localDomains: readonly string[];
      readonly tables: readonly string[];
    })
  | Refusal;

export interface EndpointForm {
  readonly name: string;
  readonly protocol: string;
  readonly takesLogins: boolean;
  /** Those that its mail can come to, and what may be said of each; unsaid they pass. */
  readonly checks: readonly { readonly name: string; readonly verdicts: readonly string[] }[];
}

/** The ways of mail as a picture. */
export const graphMethod = 'maddy/graph';

export interface GraphParams extends DocumentParams {
  /** The way of this message stands out. */
  readonly route?: Omit<RouteParams, 'uri'> | null;
}

export type GraphAnswer =
  | (Answered & {
      /** As `maddyc graph --html`, without the text of the configuration: an element of class `node` has the node's id. */
      readonly page: string;
      readonly nodes: readonly GraphNodeJson[];
      readonly edges: readonly GraphEdgeJson[];
    })
  | Refusal;

/** A node with the whole directive that it is made of: the innermost around the cursor is the one to show. */
export interface GraphNodeJson extends UnplacedNode {
  readonly uri: string;
  readonly range: Range;
}

/** The configuration with Dovecot for mailboxes and logins (`maddyc dovecot migrate`). Nothing is changed: the edit is to be applied. */
export const migrateMethod = 'maddy/migrate';

export interface MigrateParams extends DocumentParams {
  /** Other than the usual sockets. */
  readonly lmtp?: string;
  readonly auth?: string;
  readonly mailboxList?: string;
  readonly keepAuth?: boolean;
}

export type MigrateAnswer =
  | (Answered & {
      readonly files: readonly { readonly uri: string; readonly before: string; readonly after: string }[];
      readonly edit: WorkspaceEdit;
      /** What is left to do, and what is different afterwards. */
      readonly notes: readonly Obstacle[];
    })
  | (Refusal & { readonly because: 'nothing-to-migrate' | 'errors' | 'other-dialect' | 'result-has-errors' });

export interface MailTestParams extends DocumentParams {
  /** The text as the editor has it; otherwise it is read from the file. */
  readonly text?: string;
}

/** The cases and policies of a `*.mailtest.yaml`, without running them. */
export const mailTestOutlineMethod = 'maddy/mailTestOutline';

export interface MailTestOutlineAnswer {
  readonly problems: readonly MailTestProblem[];
  readonly cases: readonly MailTestEntry[];
  readonly policies: readonly MailTestEntry[];
}

export interface MailTestEntry {
  readonly name: string;
  readonly index: number;
  /** Where it begins. */
  readonly position: Position;
}

export interface MailTestProblem {
  readonly message: string;
  readonly position: Position;
}

/** Runs the cases and policies of a test file. */
export const runMailTestMethod = 'maddy/runMailTest';

export interface RunMailTestParams extends MailTestParams {
  /** Indices of those to run; untold: all. */
  readonly cases?: readonly number[];
  readonly policies?: readonly number[];
}

export interface RunMailTestAnswer {
  /** URI of the tested configuration; null when the file itself is wrong. */
  readonly configuration: string | null;
  /** The file or its configuration is wrong: nothing ran. */
  readonly problems: readonly MailTestProblem[];
  readonly cases: readonly MailTestCaseResult[];
  readonly policies: readonly MailTestPolicyResult[];
  /** Null when only some ran, or nothing. */
  readonly coverage: {
    readonly reached: number;
    readonly total: number;
    readonly hit: readonly CoveredBlock[];
    readonly missed: readonly CoveredBlock[];
  } | null;
}

/** An endpoint, or a block of rules. */
export interface CoveredBlock {
  readonly block: string;
  readonly uri: string;
  readonly position: Position;
}

export interface MailTestCaseResult extends MailTestEntry {
  readonly passed: boolean;
  /** It gives DNS records, which only `maddyc test` can judge: not run. */
  readonly skipped: string | null;
  readonly mismatches: readonly {
    readonly recipient: string | null;
    readonly expected: string;
    readonly got: string;
    readonly notes: readonly string[];
  }[];
}

export interface MailTestPolicyResult extends MailTestEntry {
  readonly passed: boolean;
  readonly verdict: 'holds' | 'broken' | 'undecided' | 'idle';
  readonly expected: string;
  readonly against: readonly {
    readonly endpoint: string;
    readonly auth: string | null;
    readonly from: string;
    readonly to: string;
    readonly got: string;
    readonly assumptions: readonly string[];
  }[];
}

/**
 * Commands that code lenses and code actions name, and that the client runs itself. A client that has them says so in its
 * `initializationOptions`: `{ "commands": ["maddy.routeFrom", …] }`; for others the server leaves them out.
 */
export const clientCommands = {
  /** Arguments: URI of the document, name of the endpoint (as in `RouteFormAnswer`) or null. */
  routeFrom: 'maddy.routeFrom',
  /** Arguments: URI, `Position`, `Location[]`: show these references. */
  showReferences: 'maddy.showReferences',
  /** Arguments: URI of the document: show what the migration would change. */
  migrate: 'maddy.migrateToDovecot',
} as const;

export interface InitializationOptions {
  readonly commands?: readonly string[];
}
