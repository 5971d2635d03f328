import type { Message, ReplyError, Target } from '../module.ts';
import { OpenDelivery } from '../pipeline/open-delivery.ts';
import { asReplyError } from '../reply-error.ts';
import type { QueuedRecipient } from './message.ts';

/**
 * One transaction with the target, for all of these recipients. Gives each one's fate: null for delivered. `mayDeliver` is asked
 * before the content goes out.
 */
export async function attemptDelivery(
  target: Target,
  from: string,
  recipients: readonly QueuedRecipient[],
  message: Message,
  mayDeliver: () => boolean,
): Promise<readonly (ReplyError | null)[] | 'not allowed'> {
  const failures = new Map<number, ReplyError>();
  const report = (recipient: number, failure: ReplyError | null): void => {
    if (failure !== null && !failures.has(recipient)) failures.set(recipient, failure);
  };
  const fates = (): readonly (ReplyError | null)[] => recipients.map((_, at) => failures.get(at) ?? null);
  let delivery: OpenDelivery;
  try {
    delivery = new OpenDelivery(await target.start(message.context, from));
  } catch (error) {
    const failure = asReplyError(error);
    return recipients.map(() => failure);
  }
  for (const [at, { to, original }] of recipients.entries()) {
    try {
      await delivery.add(to, original, at);
    } catch (error) {
      report(at, asReplyError(error));
    }
  }
  if (delivery.recipients.length === 0) {
    await delivery.abort();
    return fates();
  }
  if (!mayDeliver()) {
    await delivery.abort();
    return 'not allowed';
  }
  if (await delivery.body(message, report)) await delivery.commit(report);
  else await delivery.abort();
  return fates();
}
