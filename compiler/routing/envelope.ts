import type { ReplyValue } from '../plan/plan.ts';
import { cleanAddress } from '../text/address.ts';
import { isAscii } from '../text/ascii.ts';
import type { Refusal } from './question.ts';

/** What is asked of addresses before any rule sees them (runtime-core 6.3). */
export const envelopeReplies = {
  senderNeedsUtf8: { code: 550, enhanced: '5.6.7', text: 'SMTPUTF8 is required for non-ASCII senders' },
  senderUndecodable: { code: 553, enhanced: '5.1.7', text: 'Unable to normalize the sender address' },
  recipientNeedsUtf8: { code: 553, enhanced: '5.6.7', text: 'SMTPUTF8 is required for non-ASCII recipients' },
  recipientUndecodable: { code: 501, enhanced: '5.1.2', text: 'Unable to normalize the recipient address' },
} satisfies Record<string, ReplyValue>;

/** MAIL FROM in the form that rules and targets see; the null sender is empty. */
export function acceptSender(from: string, smtputf8: boolean): string | Refusal {
  if (!smtputf8 && !isAscii(from)) return refused('senderNeedsUtf8', from);
  return cleanAddress(from) ?? refused('senderUndecodable', from);
}

/** RCPT TO in the form that rules and targets see. A bare `postmaster` stays bare: rules know it as such (D24). */
export function acceptRecipient(to: string, smtputf8: boolean): string | Refusal {
  if (!smtputf8 && !isAscii(to)) return refused('recipientNeedsUtf8', to);
  return cleanAddress(to) ?? refused('recipientUndecodable', to);
}

function refused(cause: keyof typeof envelopeReplies, address: string): Refusal {
  return { reply: envelopeReplies[cause], at: null, reason: address };
}
