/** What a place in the configuration may need from a module. One row an interface; messages, lookups and docs read it. */
export interface InterfaceSpec {
  /** With its article, for messages: "a delivery target". */
  readonly words: string;
  readonly plural: string;
  /** Prefix that is tried first for a module name without a dot; empty for groups. */
  readonly namespace: string;
  /** As maddy names it in its own messages. */
  readonly maddyName: string;
  /** Groups are one concrete type: maddy says "is not" instead of "doesn't implement". */
  readonly concrete?: true;
  /** Module that a bare directive with a block makes, at places for groups. */
  readonly group?: string;
}

export const interfaces = {
  delivery_target: {
    words: 'a delivery target',
    plural: 'delivery targets',
    namespace: 'target',
    maddyName: 'module.DeliveryTarget',
  },
  check: { words: 'a check', plural: 'checks', namespace: 'check', maddyName: 'module.Check' },
  modifier: { words: 'a modifier', plural: 'modifiers', namespace: 'modify', maddyName: 'module.Modifier' },
  plain_auth: {
    words: 'an authentication provider',
    plural: 'authentication providers',
    namespace: 'auth',
    maddyName: 'module.PlainAuth',
  },
  storage: {
    words: 'a mailbox storage',
    plural: 'mailbox storages',
    namespace: 'storage',
    maddyName: 'module.Storage',
  },
  table: { words: 'a table', plural: 'tables', namespace: 'table', maddyName: 'module.Table' },
  multi_table: {
    words: 'a table that can give several values',
    plural: 'tables that can give several values',
    namespace: 'table',
    maddyName: 'module.MultiTable',
  },
  blob_store: {
    words: 'a message store',
    plural: 'message stores',
    namespace: 'storage.blob',
    maddyName: 'module.BlobStore',
  },
  imap_filter: {
    words: 'an IMAP filter',
    plural: 'IMAP filters',
    namespace: 'imap.filter',
    maddyName: 'module.IMAPFilter',
  },
  imap_filter_group: {
    words: 'a group of IMAP filters',
    plural: 'groups of IMAP filters',
    namespace: '',
    maddyName: 'module.IMAPFilter',
    group: 'imap_filters',
  },
  tls_loader: {
    words: 'a source of TLS certificates',
    plural: 'sources of TLS certificates',
    namespace: 'tls.loader',
    maddyName: 'module.TLSLoader',
  },
  dns_provider: {
    words: 'a DNS provider',
    plural: 'DNS providers',
    namespace: 'libdns',
    maddyName: 'certmagic.DNSProvider',
  },
  mx_auth_policy: {
    words: 'an MX policy',
    plural: 'MX policies',
    namespace: 'mx_auth',
    maddyName: 'module.MXAuthPolicy',
  },
  checks_group: {
    words: 'a group of checks',
    plural: 'groups of checks',
    namespace: '',
    maddyName: '*msgpipeline.CheckGroup',
    concrete: true,
    group: 'checks',
  },
  modifiers_group: {
    words: 'a group of modifiers',
    plural: 'groups of modifiers',
    namespace: '',
    maddyName: '*modify.Group',
    concrete: true,
    group: 'modifiers',
  },
  limits_group: {
    words: 'a group of limits',
    plural: 'groups of limits',
    namespace: '',
    maddyName: '*limits.Group',
    concrete: true,
    group: 'limits',
  },
  mx_auth_group: {
    words: 'a group of MX policies',
    plural: 'groups of MX policies',
    namespace: '',
    maddyName: '*remote.PolicyGroup',
    concrete: true,
    group: 'mx_auth',
  },
} as const satisfies Record<string, InterfaceSpec>;

/** Interfaces that a place can ask for. */
export type WantedInterface = keyof typeof interfaces;

/** Interfaces that a module can have; the last ones are never asked for by a place in the file. */
export type Interface =
  | WantedInterface
  | 'endpoint'
  | 'globals'
  | 'user_db'
  | 'manageable_storage'
  | 'early_check'
  | 'mutable_table';
