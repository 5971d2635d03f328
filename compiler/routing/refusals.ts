import type { At, ReplyValue } from '../plan/plan.ts';
import type { Refusal } from './question.ts';

/** Every reply that routing itself gives (runtime-core 11.3 and 12; decisions D1, D10). */
const replies = {
  senderUndecodable: { code: 501, enhanced: '5.1.7', text: 'Unable to normalize the sender address' },
  senderMalformed: { code: 501, enhanced: '5.1.3', text: 'Invalid sender address' },
  recipientUndecodable: { code: 553, enhanced: '5.1.2', text: 'Unable to normalize the recipient address' },
  recipientMalformed: { code: 501, enhanced: '5.1.3', text: 'Invalid recipient address' },
  rewritingInvalid: { code: 554, enhanced: '5.3.5', text: 'The address is rewritten to something that is no address' },
  loop: { code: 554, enhanced: '5.4.6', text: 'Routing loop: too many pipelines passed' },
} satisfies Record<string, ReplyValue>;

export function refuse(cause: keyof typeof replies, reason: string, at: At | null = null): Refusal {
  return { reply: replies[cause], reason, at };
}
