import type { Command } from '../command.ts';
import { configOption, harnessOptions, quietDebugOption } from '../maddy-options.ts';

/** maddy's commands for its own mailboxes, which are not here (R16): whoever calls them is told where mailboxes are now. */
function mailboxCommand(name: string, instead: string): Command {
  return {
    name,
    summary: 'mailboxes of maddy, which maddyc leaves to Dovecot',
    usage: '…',
    description: `maddyc has no mailboxes of its own. ${instead}`,
    options: [configOption, quietDebugOption, ...harnessOptions],
    examples: [],
    exitCodes: [[2, 'always']],
    docs: 'accounts.md',
    operands: Number.POSITIVE_INFINITY,
    anyOptions: true,
    async run({ io }) {
      io.stderr.write(`Error: maddyc has no mailboxes of its own, so "${name}" has nothing to work on. ${instead}\n`);
      return 2;
    },
  };
}

export const imapAcct = mailboxCommand(
  'imap-acct',
  'Dovecot makes a mailbox when the first message comes: with target.lmtp there is nothing to create; passwords: maddyc creds.',
);
export const imapMboxes = mailboxCommand('imap-mboxes', 'With Dovecot: doveadm mailbox list -u USER.');
export const imapMsgs = mailboxCommand('imap-msgs', 'With Dovecot: doveadm fetch, doveadm save, doveadm expunge.');
