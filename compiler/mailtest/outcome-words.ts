import type { ReplyValue } from '../plan/plan.ts';
import { replyWords } from '../routing/explain/fate-words.ts';
import { type Fate, type RouteDelivery, shortName } from '../routing/explain/request.ts';
import { listOf } from './list-of.ts';
import type { ExpectedOutcome, ExpectedTarget } from './schema.ts';

/** An outcome in one line, as expected. */
export function expectedWords({ delivered, rejected, deferred, quarantined, stage }: ExpectedOutcome): string {
  const aside = quarantined === undefined ? '' : quarantined ? ', quarantined' : ', not quarantined';
  const at = stage === undefined ? '' : ` at ${stage.toUpperCase()}`;
  const reply = (word: string, wanted: number | string | true): string =>
    wanted === true ? `${word}${at}` : `${word}${at}: ${wanted}`;
  if (rejected !== undefined) return reply('rejected', rejected);
  if (deferred !== undefined) return reply('deferred', deferred);
  if (delivered === true || delivered === undefined) return `delivered${aside}`;
  return `delivered to ${targetsOf(delivered).map(targetWords).join('; ')}${aside}`;
}

function targetWords({ to, recipient, sender, via }: ExpectedTarget): string {
  const parts = [
    ...(recipient === undefined ? [] : [`as ${recipient}`]),
    ...(sender === undefined ? [] : [`from ${sender === '' ? 'the null sender' : sender}`]),
    ...listOf(via).map((queue) => `behind queue ${queue}`),
  ];
  return [to, ...parts].join(' ');
}

function nameOf({ name, target }: RouteDelivery): string {
  return name ?? target;
}

type Delivered = Exclude<NonNullable<ExpectedOutcome['delivered']>, true>;

export function targetsOf(delivered: Delivered): readonly ExpectedTarget[] {
  const list = Array.isArray(delivered) ? delivered : [delivered];
  return list.map((each) => (typeof each === 'string' ? { to: each } : each));
}

/** Whether an outcome is the expected one. Deliveries must be the same ones, in any order. */
export function meets(expected: ExpectedOutcome, fate: Fate): boolean {
  const { stage, quarantined, delivered } = expected;
  if (stage !== undefined && fate.stage !== stage) return false;
  if (quarantined !== undefined && fate.quarantined !== quarantined) return false;
  if (expected.rejected !== undefined) return fate.outcome === 'rejected' && meetsReply(expected.rejected, fate.reply);
  if (expected.deferred !== undefined) return fate.outcome === 'deferred' && meetsReply(expected.deferred, fate.reply);
  if (fate.outcome !== 'delivered') return false;
  if (delivered === true || delivered === undefined) return fate.deliveries.length > 0;
  const left = [...fate.deliveries];
  for (const target of targetsOf(delivered)) {
    const at = left.findIndex((delivery) => meetsTarget(target, delivery));
    if (at === -1) return false;
    left.splice(at, 1);
  }
  return left.length === 0;
}

function meetsTarget({ to, recipient, sender, via }: ExpectedTarget, delivery: RouteDelivery): boolean {
  const name = to.replace(/^&/, '');
  const names = [delivery.name, delivery.target, shortName({ module: delivery.target })];
  return (
    names.includes(name) &&
    (recipient === undefined || recipient === delivery.recipient) &&
    (sender === undefined || sender === delivery.sender) &&
    (via === undefined || listOf(via).join('\0') === delivery.via.map((queue) => queue ?? '').join('\0'))
  );
}

function meetsReply(expected: number | string | true, reply: ReplyValue | null): boolean {
  if (reply === null) return false;
  if (expected === true) return true;
  const [code, enhanced, ...text] = String(expected).split(' ');
  return (
    code === String(reply.code) &&
    (enhanced === undefined || enhanced === reply.enhanced) &&
    (text.length === 0 || text.join(' ') === reply.text)
  );
}

/** What `--update` writes for an outcome: as short as it is exact. */
export function expectationFor(fate: Fate, to: string): ExpectedOutcome {
  if (fate.reply !== null) {
    const reply = replyWords(fate.reply);
    return fate.outcome === 'deferred' ? { deferred: reply } : { rejected: reply };
  }
  const targets = fate.deliveries.map((delivery): string | ExpectedTarget => {
    const name = nameOf(delivery);
    const { recipient, via } = delivery;
    const queues = via.flatMap((queue) => (queue === null ? [] : [queue]));
    if (recipient === to && via.length === 0) return name;
    return {
      to: name,
      ...(recipient === to ? {} : { recipient }),
      ...(queues.length === 0 || queues.length < via.length
        ? {}
        : { via: queues.length === 1 ? (queues[0] ?? '') : queues }),
    };
  });
  const [only] = targets;
  return {
    delivered: targets.length === 1 && only !== undefined ? only : targets,
    ...(fate.quarantined ? { quarantined: true } : {}),
  };
}
