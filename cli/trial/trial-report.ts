/** What `run --trial --json` says once, in one line on standard output, when every listener accepts. */
export interface TrialReport {
  readonly trial: {
    /** Absolute: certificate, queues, and mail below `delivered/`. */
    readonly directory: string;
    /** A row for each address of the configuration, in its order. */
    readonly endpoints: readonly TrialEndpoint[];
    /** Works wherever the configuration asks for a login; `user` is also an address that mail can be sent to. */
    readonly account: { readonly user: string; readonly password: string };
    /** What is otherwise than on the real server, a sentence each. */
    readonly notes: readonly string[];
  };
}

export interface TrialEndpoint {
  /** Module: `smtp`, `submission`, `lmtp`, `dovecot_sasld` or `openmetrics`. */
  readonly name: string;
  /** As written: `tls://0.0.0.0:465`. */
  readonly configured: string;
  /** In the same form: `tls://127.0.0.1:10465`, `unix:///tmp/…/lmtp.sock`. */
  readonly listens: string;
  readonly tls: EndpointTls;
}

/** TLS after STARTTLS, from the first byte, or not at all. */
export type EndpointTls = 'starttls' | 'implicit' | 'none';
