import type { PlanEndpoint, ReplyValue } from '../../plan/plan.ts';
import { isBarePostmaster } from '../../text/address.ts';

/** Refusals that the protocol session gives before routing is asked (runtime-core 5.3, 5.4, 6.2). */
const replies = {
  notLoggedIn: { code: 502, enhanced: '5.7.0', text: 'Please authenticate first' },
  mailSyntax: { code: 501, enhanced: '5.5.2', text: 'Was expecting MAIL arg syntax of FROM:<address>' },
  rcptSyntax: { code: 501, enhanced: '5.5.2', text: 'Was expecting RCPT arg syntax of TO:<address>' },
} satisfies Record<string, ReplyValue>;

/** The reply to MAIL when the session refuses it by itself. */
export function refusedMail(
  endpoint: Pick<PlanEndpoint, 'module'>,
  auth: string | null,
  from: string,
): ReplyValue | null {
  if (from !== '' && !isMailbox(from)) return replies.mailSyntax;
  return endpoint.module === 'submission' && auth === null ? replies.notLoggedIn : null;
}

export function refusedRecipient(to: string): ReplyValue | null {
  return isMailbox(to) || isBarePostmaster(to) ? null : replies.rcptSyntax;
}

/** maddy's path grammar: a dot-string or quoted string, then everything up to a blank or `>`. */
function isMailbox(address: string): boolean {
  const quoted = address.startsWith('"') ? /^"(?:[^"\\]|\\.)+"@/su.exec(address) : null;
  const plain = quoted ?? /^[^()<>[\]:;@\\," \t]+@/.exec(address);
  return plain !== null && /^[^ \t>]+$/.test(address.slice(plain[0].length));
}
