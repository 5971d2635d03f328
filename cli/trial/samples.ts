import type { TrialDirectory } from './trial-directory.ts';

/** Paths of messages that commands send. */
export interface SampleFiles {
  readonly fromStranger: string;
  readonly fromAccount: string;
}

const domainsOfNobody = ['example.net', 'example.com'];

/** Somebody whose domain is not the account's (RFC 2606). */
export function sampleSenders(account: string): { readonly stranger: string } {
  const domain = domainsOfNobody.find((each) => !account.endsWith(`@${each}`)) ?? '';
  return { stranger: `friend@${domain}` };
}

export function writeSamples(directory: TrialDirectory, account: string): SampleFiles {
  const { stranger } = sampleSenders(account);
  return {
    fromStranger: directory.write('from-friend.eml', message(stranger, account)),
    fromAccount: directory.write('from-trial.eml', message(account, account)),
  };
}

function message(from: string, to: string): string {
  return [`From: ${from}`, `To: ${to}`, 'Subject: Does it work?', '', 'This message tries a mail server.', ''].join(
    '\r\n',
  );
}
