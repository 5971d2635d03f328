import type { PlanEndpoint, ReplyValue } from '../../plan/plan.ts';
import { type PathResult, parseForwardPath, parseReversePath } from '../../text/path.ts';

/** Refusals that the protocol session gives before routing is asked (runtime-core 5.3, 5.4, 6.2). */
const replies = {
  notLoggedIn: { code: 502, enhanced: '5.7.0', text: 'Please authenticate first' },
  mailSyntax: { code: 501, enhanced: '5.5.2', text: 'Was expecting MAIL arg syntax of FROM:<address>' },
  rcptSyntax: { code: 501, enhanced: '5.5.2', text: 'Was expecting RCPT arg syntax of TO:<address>' },
} satisfies Record<string, ReplyValue>;

/** MAIL FROM as the session understands it, or the reply when it refuses the command by itself. */
export function readSender(
  endpoint: Pick<PlanEndpoint, 'module'>,
  auth: string | null,
  from: string,
): string | ReplyValue {
  const address = wholeAddress(parseReversePath(`<${from}>`));
  if (address === null) return replies.mailSyntax;
  return endpoint.module === 'submission' && auth === null ? replies.notLoggedIn : address;
}

export function readRecipient(to: string): string | ReplyValue {
  return wholeAddress(parseForwardPath(`<${to}>`)) ?? replies.rcptSyntax;
}

/** What follows the path would be parameters of the command. */
function wholeAddress(path: PathResult | null): string | null {
  return path?.rest === '' ? path.address : null;
}
