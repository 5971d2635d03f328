import type { CommandEntry } from './command.ts';

/** Every command, in the order of help. A command is loaded only when it is called. */
export const commands: readonly CommandEntry[] = [
  {
    name: 'fmt',
    group: 'write',
    summary: 'a configuration in its usual form, or the files put into it',
    load: async () => (await import('./commands/fmt.ts')).fmt,
  },
  {
    name: 'expand',
    group: 'write',
    summary: 'the effective configuration: without macros, snippets and imports',
    load: async () => (await import('./commands/expand.ts')).expand,
  },
  {
    name: 'lsp',
    group: 'write',
    summary: 'language server: findings, completion and navigation in an editor',
    load: async () => (await import('./commands/lsp.ts')).lsp,
  },
  {
    name: 'check',
    group: 'judge',
    summary: 'every mistake of a configuration, at its cause',
    load: async () => (await import('./commands/check.ts')).check,
  },
  {
    name: 'route',
    group: 'judge',
    summary: 'where a message goes, rule by rule, and what its sender is told',
    load: async () => (await import('./commands/route.ts')).route,
  },
  {
    name: 'session',
    group: 'judge',
    summary: 'speak SMTP to a configuration, and see why it answers as it does',
    load: async () => (await import('./commands/session.ts')).session,
  },
  {
    name: 'explain',
    group: 'judge',
    summary: 'what a finding means for mail, and what to do about it',
    load: async () => (await import('./commands/explain.ts')).explain,
  },
  {
    name: 'test',
    group: 'judge',
    summary: 'tests of where mail goes: messages and what becomes of them, and what holds for all mail',
    load: async () => (await import('./commands/test.ts')).test,
  },
  {
    name: 'diff',
    group: 'judge',
    summary: 'what a change of the configuration changes for mail, and for whose',
    load: async () => (await import('./commands/diff.ts')).diff,
  },
  {
    name: 'graph',
    group: 'judge',
    summary: 'a picture of the ways of mail: Mermaid, Graphviz, or a page to click through',
    load: async () => (await import('./commands/graph.ts')).graph,
  },
  {
    name: 'compile',
    group: 'run',
    summary: 'the plan: what a configuration means, as one JSON file that run takes',
    load: async () => (await import('./commands/compile.ts')).compile,
  },
  {
    name: 'run',
    group: 'run',
    summary: 'the mail server, in maddy’s place',
    load: async () => (await import('./commands/run.ts')).run,
  },
  {
    name: 'verify-config',
    group: 'run',
    summary: 'maddy’s check: the first error, in its words',
    load: async () => (await import('./commands/verify-config.ts')).verifyConfig,
  },
  {
    name: 'doctor',
    group: 'run',
    summary: 'whether this machine has what the configuration needs',
    load: async () => (await import('./commands/doctor.ts')).doctor,
  },
  {
    name: 'dovecot migrate',
    group: 'move',
    summary: 'mailboxes and passwords over to Dovecot, in the configuration',
    load: async () => (await import('./commands/dovecot-migrate.ts')).dovecotMigrate,
  },
  {
    name: 'dovecot render',
    group: 'move',
    summary: 'the Dovecot configuration that fits: sockets, users, certificate',
    load: async () => (await import('./commands/dovecot-render.ts')).dovecotRender,
  },
  {
    name: 'queue',
    group: 'run',
    summary: 'mail that waits: list, show, retry, hold, release, delete, bounce, stats, import',
    load: async () => (await import('./commands/queue.ts')).queue,
  },
  {
    name: 'creds',
    group: 'run',
    summary: 'accounts of auth.pass_table: list, create, password, remove',
    load: async () => (await import('./commands/creds.ts')).creds,
  },
  {
    name: 'hash',
    group: 'run',
    summary: 'a password as auth.pass_table keeps it',
    load: async () => (await import('./commands/hash.ts')).hash,
  },
  {
    name: 'imap-acct',
    group: 'run',
    summary: 'mailboxes of maddy, which maddyc leaves to Dovecot',
    hidden: true,
    load: async () => (await import('./commands/imap-accounts.ts')).imapAcct,
  },
  {
    name: 'imap-mboxes',
    group: 'run',
    summary: 'mailboxes of maddy, which maddyc leaves to Dovecot',
    hidden: true,
    load: async () => (await import('./commands/imap-accounts.ts')).imapMboxes,
  },
  {
    name: 'imap-msgs',
    group: 'run',
    summary: 'mailboxes of maddy, which maddyc leaves to Dovecot',
    hidden: true,
    load: async () => (await import('./commands/imap-accounts.ts')).imapMsgs,
  },
  {
    name: 'completion',
    group: 'help',
    summary: 'completion of commands and options for bash, zsh and fish',
    load: async () => (await import('./commands/completion.ts')).completion,
  },
  {
    name: 'dns',
    group: 'move',
    summary: 'the DNS records that a configuration needs, and whether they are there',
    load: async () => (await import('./commands/dns.ts')).dns,
  },
  {
    name: 'dkim',
    group: 'move',
    summary: 'keys that mail is signed with: show them, change them',
    load: async () => (await import('./commands/dkim.ts')).dkim,
  },
  {
    name: 'dmarc',
    group: 'run',
    summary: 'what DMARC has decided, as aggregate reports for the domains that ask for them',
    load: async () => (await import('./commands/dmarc.ts')).dmarc,
  },
  {
    name: 'version',
    group: 'help',
    summary: 'version and default places',
    load: async () => (await import('./commands/version.ts')).version,
  },
];

/** The command that the words begin with, and what follows its name; some names have two words. */
export function findCommand(
  words: readonly string[],
): { readonly entry: CommandEntry; readonly rest: readonly string[] } | undefined {
  for (const length of [2, 1]) {
    const name = words.slice(0, length).join(' ');
    const entry = words.length < length ? undefined : commands.find((each) => each.name === name);
    if (entry !== undefined) return { entry, rest: words.slice(length) };
  }
  return undefined;
}

/** Commands of two words that begin with this one. */
export function familyOf(word: string): readonly CommandEntry[] {
  return commands.filter((entry) => entry.name.startsWith(`${word} `));
}
