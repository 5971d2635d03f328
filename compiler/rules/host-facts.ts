/**
 * What rules may know of the machine that the configuration is for. Whoever asks for such rules gathers the answers before
 * (`hostQuestions` lists what is needed); a question that nobody has answered is `undefined`, and nothing is concluded then.
 */
export interface HostFacts {
  /** Milliseconds since 1970, to compare dates of certificates with. */
  readonly now: number;
  /** The account that the mail system runs as, by whose rights paths were judged; null when it is not known. */
  readonly account: string | null;
  path(path: string): PathFacts | undefined;
  certificate(path: string): CertificateFacts | undefined;
  /** Whether the private key in the one file belongs to the certificate in the other; null when one cannot be read. */
  pairs(certificate: string, key: string): boolean | null | undefined;
  /** Null when the machine does not say. */
  readonly resolver: ResolverFacts | null;
  dns(name: string, type: DnsType): DnsAnswer | undefined;
}

export interface PathFacts {
  readonly kind: 'file' | 'directory' | 'socket' | 'other' | 'absent';
  /** The account may read a file, list a directory, connect to a socket. */
  readonly isUsable: boolean;
  /** `rw-r-----`, and the names (or numbers) of owner and group; null when it is absent. */
  readonly mode: string | null;
  readonly owner: string | null;
  readonly group: string | null;
  /** The first directory on the way that does not exist, or that the account may not pass; null when the way is free. */
  readonly blockedAt: string | null;
}

export type CertificateFacts =
  /** In the words of the reader. */
  | { readonly problem: string }
  | {
      readonly problem: null;
      /** Milliseconds since 1970. */
      readonly validFrom: number;
      readonly validTo: number;
      /** DNS names, possibly `*.example.org`. */
      readonly names: readonly string[];
    };

export interface ResolverFacts {
  readonly servers: readonly string[];
  /** The resolver's answers count as validated: it is on this host, or `trust-ad` says so. */
  readonly isTrusted: boolean;
}

export type DnsType = 'A' | 'AAAA' | 'MX' | 'TXT' | 'PTR';

export interface DnsAnswer {
  readonly status: 'found' | 'none' | 'failed';
  /** Addresses; host names in the order of their preference; texts put together. */
  readonly values: readonly string[];
}
