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

export type RouteForm = Pick<
  Extract<RouteFormAnswer, { readonly ok: true }>,
  'endpoints' | 'localDomains' | 'checks' | 'verdicts'
>;

/**
 * `form`: what there is to choose from; `endpoint` is chosen already. `answer`: `names` are those of the files, by the paths in its
 * text. `stale`: the configuration has changed since the answer.
 */
export type ToRoute =
  | { readonly kind: 'form'; readonly file: string; readonly form: RouteForm; readonly endpoint: string | null }
  | {
      readonly kind: 'answer';
      readonly route: RouteJson;
      readonly text: string;
      readonly names: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'stale' };

/** `show`: a place of the answer's text. */
export type FromRoute =
  | { readonly kind: 'ready' }
  | { readonly kind: 'route'; readonly envelope: Envelope }
  | { readonly kind: 'graph'; readonly envelope: Envelope }
  | { readonly kind: 'show'; readonly file: string; readonly line: number };
