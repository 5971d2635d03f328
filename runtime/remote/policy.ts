import type { PeerSecurity } from '../client/peer-security.ts';
import type { Eventually } from '../module.ts';
import type { Exchanger } from './exchangers.ts';
import type { MxLevel, TlsLevel } from './levels.ts';
import type { TlsFinding, TlsSession } from './tls-results.ts';

/** What a server's name and its connection have reached so far. */
export interface Levels {
  readonly mx: MxLevel;
  readonly tls: TlsLevel;
}

/** One member of `mx_auth`: what is asked of a server before it gets mail. */
export interface MxPolicy {
  /** `mtasts`, `sts_preload`, `dane`, `dnssec` or `local_policy`: the order in which they are applied. */
  readonly name: string;
  /** Begins to find out what there is to know about the recipient domain (A-labels). Does not throw. */
  forDomain(domain: string): DomainPolicy;
}

/** A policy as it is for one recipient domain. A server that does not meet it is refused by a ReplyError. */
export interface DomainPolicy {
  /** Before anything is dialled: the level that the server's name has reached now. */
  checkExchanger?(exchanger: Exchanger, reached: MxLevel): Eventually<MxLevel>;
  /** Over a connection, with what TLS has shown or null: the level that it has reached now. */
  checkConnection?(exchanger: Exchanger, security: PeerSecurity | null, reached: Levels): Eventually<TlsLevel>;
  /** For statistics: what the domain's own policy says to the session; null when it has none. No session: the server was not to be asked. */
  tlsFinding?(exchanger: Exchanger, session: TlsSession | null): Eventually<TlsFinding | null>;
}

/** Policies are applied in this order, whatever that of the file is. */
export const policyOrder = ['mtasts', 'sts_preload', 'dane', 'dnssec', 'local_policy'] as const;
