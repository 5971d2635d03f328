export type Severity = 'error' | 'warning' | 'info' | 'hint';

/**
 * A finding's public identity. It is declared by the stage or rule that gives it, once;
 * the list of all codes, `explain` and the docs pages are made from these declarations.
 */
export interface Code {
  /** `M` and four digits; the first digit is the subject (1 text … 9 versions). Never reused. */
  readonly code: string;
  /** Kebab-case name, usable wherever the code is. */
  readonly name: string;
  readonly severity: Severity;
  /** One line for lists. */
  readonly summary: string;
  /** Made only when somebody asks: a check of a file needs none of it. */
  readonly page: () => CodePage;
}

/** What `explain` and the docs show of a code, and what the tests run. */
export interface CodePage {
  /** Markdown: what it is, what it means for mail, what to do. */
  readonly docs: string;
  /** Configuration text that gives this finding; run as a test. */
  readonly invalid: string;
  /** The same, put right; gives no finding of this code. */
  readonly valid: string;
  /** What the samples need around them: other files beside `main.conf`, variables, a release. */
  readonly given?: {
    readonly files?: Readonly<Record<string, string>>;
    readonly env?: Readonly<Record<string, string>>;
    /** The release of maddy that the samples are for. */
    readonly targetVersion?: string;
  };
}
