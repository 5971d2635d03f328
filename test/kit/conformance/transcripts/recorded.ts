/** Shape of `smtp-transcripts.json` (runtime-core section 0), as far as it is run. */

export interface RecordedSinkRule {
  readonly to?: string;
  readonly contains?: string;
  readonly reply: string;
}

export interface RecordedSink {
  readonly proto: 'smtp' | 'lmtp' | 'dovecot-auth';
  readonly ext?: readonly string[];
  readonly greeting?: readonly string[];
  readonly replies?: readonly RecordedSinkRule[];
}

export interface RecordedZone {
  readonly A?: readonly string[];
  readonly AAAA?: readonly string[];
  readonly TXT?: readonly string[];
  readonly MX?: readonly { readonly host: string; readonly pref: number }[];
  readonly PTR?: readonly string[];
  readonly AD?: boolean;
  readonly err?: unknown;
}

/** One step: exactly one of its optional keys besides `conn` says what is done. */
export interface RecordedStep {
  readonly conn?: string;
  readonly connect?: string;
  readonly source_ip?: string;
  readonly tls?: boolean;
  readonly unix?: string;
  readonly send?: readonly string[];
  readonly send_raw?: string;
  readonly send_repeat?: { readonly line: string; readonly count: number };
  readonly expect?: readonly string[];
  readonly expect_unordered?: readonly string[];
  readonly eof?: boolean;
  readonly starttls?: boolean;
  readonly close?: boolean;
  readonly write_config?: string;
  readonly write_file?: { readonly name: string; readonly content: string };
  readonly signal?: NodeJS.Signals;
  readonly sleep_ms?: number;
  readonly expect_log?: string;
  readonly expect_log_lines?: readonly string[];
  /** Null: it goes on running. */
  readonly expect_exit?: number | null;
  readonly rename?: readonly [from: string, to: string];
  readonly read_file?: string;
  readonly http_get?: string;
  readonly port?: string;
  readonly expect_status?: number;
  readonly expect_content_type?: string;
  readonly expect_body_lines?: readonly string[];
  readonly connect_refused?: string;
  readonly expect_no_service?: string;
}

export interface RecordedDelivery {
  readonly sink: string;
  readonly commands: readonly string[];
  readonly message?: readonly string[];
}

export interface RecordedCase {
  readonly name: string;
  readonly about: string;
  readonly config: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly executable_files?: readonly string[];
  readonly dns?: Readonly<Record<string, RecordedZone>>;
  readonly sinks?: Readonly<Record<string, RecordedSink>>;
  readonly args?: readonly string[];
  readonly run_args?: readonly string[];
  readonly no_wait?: boolean;
  readonly needs?: readonly string[];
  readonly quirk?: string;
  readonly steps: readonly RecordedStep[];
  readonly delivered?: readonly RecordedDelivery[];
  readonly delivered_order?: 'any';
}

export interface RecordedCommandLine {
  readonly args: readonly string[];
  readonly stdin?: string;
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RecordedCommandLines {
  readonly name: string;
  readonly about: string;
  readonly config: string | null;
  readonly quirk?: string;
  readonly steps: readonly RecordedCommandLine[];
}
