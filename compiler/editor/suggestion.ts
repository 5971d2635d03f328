import { escapeSnippet } from './snippet-text.ts';

export interface Suggestion {
  readonly label: string;
  readonly kind: 'setting' | 'routing' | 'module' | 'block' | 'macro' | 'snippet' | 'value' | 'name' | 'file';
  /** A few words beside the label. */
  readonly detail: string | null;
  /** In snippet syntax; lines after the first are indented as if the line began in the first column, by four blanks a level. */
  readonly insert: string;
  /** Which suggestions come first. */
  readonly rank: Rank;
  readonly isDeprecated: boolean;
  /** Markdown; asked for only when it is shown. */
  readonly documentation: () => string | null;
}

/** In their order. */
export const ranks = ['missing', 'fitting', 'other', 'general', 'deprecated', 'refused'] as const;
export type Rank = (typeof ranks)[number];

/** The parts of a suggestion that puts in nothing but its label. */
export function insertsItself(label: string): {
  readonly label: string;
  readonly insert: string;
  readonly isDeprecated: false;
} {
  return { label, insert: escapeSnippet(label), isDeprecated: false };
}
