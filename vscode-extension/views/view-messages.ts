import type { RouteFormAnswer, RouteJson } from '../../lsp/protocol.ts';

/** What panels and the extension tell each other; plain JSON. */

/** `show`: the node around the cursor, null: none. `state`: something to say about the picture as a whole. */
export type ToGraph =
  | { readonly kind: 'show'; readonly id: string | null }
  | { readonly kind: 'state'; readonly note: string | null };

/** `chosen`: the user clicked a node. */
export type FromGraph = { readonly kind: 'ready' } | { readonly kind: 'chosen'; readonly id: string };

export interface Envelope {
  readonly from: string;
  readonly to: readonly string[];
  readonly endpoint: string | null;
  readonly auth: string | null;
  readonly ip: string | null;
  readonly checks: Readonly<Record<string, string>>;
}

export type RouteForm = Pick<Extract<RouteFormAnswer, { readonly ok: true }>, 'endpoints' | 'localDomains'>;

/** Files of an answer as the user knows them, by the paths in its text; where that names none, the main file is meant. */
export interface Places {
  readonly main: string;
  readonly names: Readonly<Record<string, string>>;
}

/** `form`: what there is to choose from; `endpoint` is chosen already. `stale`: the configuration has changed since the answer. */
export type ToForm =
  | { readonly kind: 'form'; readonly file: string; readonly form: RouteForm; readonly endpoint: string | null }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'stale' };

/** `show`: a place of the answer's text. */
export type FromForm =
  | { readonly kind: 'ready' }
  | { readonly kind: 'show'; readonly file: string; readonly line: number };

export type ToRoute =
  | ToForm
  | { readonly kind: 'answer'; readonly route: RouteJson; readonly text: string; readonly places: Places };

export type FromRoute =
  | { readonly kind: 'route'; readonly envelope: Envelope }
  | { readonly kind: 'graph'; readonly envelope: Envelope };

/** A message as a form gives it. */
export interface TestMessage extends Envelope {
  readonly subject: string;
  readonly body: string;
}

/** What became of one recipient. */
export interface PlayedOutcome {
  readonly to: string;
  /** The last word of the server about it; null when there was none. */
  readonly code: number | null;
  readonly kind: 'accepted' | 'refused' | 'deferred';
  readonly words: readonly string[];
}

export interface TranscriptLine {
  readonly by: 'client' | 'server' | 'reason';
  readonly text: string;
}

export type ToSend =
  | ToForm
  | { readonly kind: 'playing' }
  | {
      readonly kind: 'played';
      readonly outcomes: readonly PlayedOutcome[];
      readonly lines: readonly TranscriptLine[];
      readonly places: Places;
    };

export interface FromSend {
  readonly kind: 'send';
  readonly message: TestMessage;
}
