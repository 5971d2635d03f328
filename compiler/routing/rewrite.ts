import { isValidAddress, lookupAddress, lookupLocalPart, splitAddress } from '../text/address.ts';
import { lookupDomain } from '../text/domain.ts';
import { isLater } from './later.ts';
import { isRefusal, type Refusal, type Routing } from './question.ts';
import { refuse } from './refusals.ts';
import type { Rewriting } from './routes.ts';
import type { PipelineRun } from './run.ts';

/** One address through the `replace_rcpt` modifiers of a block, each fed with what the one before gave. */
export function* rewriteRecipient(
  run: PipelineRun,
  rewritings: readonly Rewriting[],
  recipient: string,
): Routing<readonly string[] | Refusal> {
  let addresses: readonly string[] = [recipient];
  for (const rewriting of rewritings) {
    const rewritten: string[] = [];
    for (const address of addresses) {
      const values = yield* replace(run, rewriting, 'replace_rcpt', address);
      if (isRefusal(values)) return values;
      report(run, rewriting, address, values);
      for (const value of values) rewritten.push(value);
    }
    addresses = rewritten;
  }
  return addresses;
}

/** The sender through the `replace_sender` modifiers of a block; the null sender is never rewritten (D34). */
export function* rewriteSender(
  run: PipelineRun,
  rewritings: readonly Rewriting[],
  sender: string,
): Routing<string | Refusal> {
  if (sender === '') return sender;
  for (const rewriting of rewritings) {
    const values = yield* replace(run, rewriting, 'replace_sender', sender);
    if (isRefusal(values)) return values;
    report(run, rewriting, sender, values.slice(0, 1));
    sender = values[0] ?? sender;
  }
  return sender;
}

/** Full address first, then the local part (runtime-core 12). No entry: the address as it is, case kept. */
function* replace(
  { message }: PipelineRun,
  { table, module, at }: Rewriting,
  by: 'replace_rcpt' | 'replace_sender',
  address: string,
): Routing<readonly string[] | Refusal> {
  const parts = splitAddress(address);
  const key = lookupAddress(address);
  if (typeof parts === 'string' || key === null) {
    const malformed = by === 'replace_rcpt' ? 'recipientMalformed' : 'senderMalformed';
    return refuse(malformed, 'malformed address', module.plan.at);
  }
  const wholeAnswer = message.ask({ ask: 'lookup', table, key, by, at });
  const whole = isLater(wholeAnswer) ? yield wholeAnswer : wholeAnswer;
  if (isRefusal(whole)) return whole;
  if (whole !== null && whole.length > 0) {
    const invalid = whole.find((value) => !isValidAddress(value));
    return invalid === undefined
      ? whole
      : refuse('rewritingInvalid', `${by}: not an address: ${invalid}`, module.plan.at);
  }
  const domain = lookupDomain(parts.domain);
  if (domain === null || domain === '') return [address];
  const answer = message.ask({ ask: 'lookup', table, key: lookupLocalPart(parts.localPart), by, at });
  const found = isLater(answer) ? yield answer : answer;
  if (isRefusal(found)) return found;
  if (found === null || found.length === 0) return [address];
  const values = found.map((value) => (isWholeAddress(value) ? value : `${value}@${domain}`));
  const invalid = values.find((value) => !isValidAddress(value));
  return invalid === undefined
    ? values
    : refuse('rewritingInvalid', `${by}: not an address: ${invalid}`, module.plan.at);
}

/** A quoted local part may hold an `@`. */
function isWholeAddress(value: string): boolean {
  return value.includes('@') && !value.startsWith('"') && !value.endsWith('"');
}

function report(run: PipelineRun, { module, at }: Rewriting, before: string, after: readonly string[]): void {
  run.message.listener?.({ kind: 'modify', module, before, after, depth: run.depth, at });
}
