import { lastAtSign, lookupAddress, splitAddress } from '../text/address.ts';
import { isLater } from './later.ts';
import { isRefusal, type Refusal, type Routing } from './question.ts';
import { refuse } from './refusals.ts';
import type { Choice, DestinationBlock, RuledBlock, SourceBlock } from './routes.ts';
import type { PipelineRun } from './run.ts';

type Kind = 'source' | 'destination';

/** Finds the block for an address: tables, then exact address, then domain, then the default (runtime-core 11.3). */
export function* chooseByTables<Block extends SourceBlock | DestinationBlock>(
  run: PipelineRun,
  kind: Kind,
  choice: Choice<Block>,
  address: string,
): Routing<Block | Refusal> {
  const key = lookupAddress(address);
  if (key === null) return unusable(kind, address);
  const { listener, ask } = run.message;
  for (const { table, at, block } of choice.tables) {
    const answer = ask({ ask: 'lookup', table, key, by: kind === 'source' ? 'source_in' : 'destination_in', at });
    const found = isLater(answer) ? yield answer : answer;
    // A table that cannot be asked does not match; who was asked has said so in the log.
    const taken = found !== null && !isRefusal(found) && found.length > 0;
    if (listener !== null) {
      const { implicit } = block;
      listener({ kind, rules: [], table, address, matched: taken ? key : null, taken, implicit, depth: run.depth, at });
    }
    if (taken) return block;
  }
  return chooseByRules(run, kind, choice, address);
}

/** As `chooseByTables`, where there are none. */
export function chooseByRules<Block extends SourceBlock | DestinationBlock>(
  run: PipelineRun,
  kind: Kind,
  choice: Choice<Block>,
  address: string,
): Block | Refusal {
  const key = lookupAddress(address);
  if (key === null) return unusable(kind, address);
  const ruled = findRuled(choice, key);
  const block = ruled?.block ?? choice.fallback;
  if (run.message.listener !== null) reportRules(run, kind, choice, address, ruled ?? null);
  return block;
}

/** Most blocks have no rules of one of the two kinds, or of both: a search by a text that was just made first reads all of it. */
function findRuled<Block>({ addresses, domains }: Choice<Block>, key: string): RuledBlock<Block> | undefined {
  const ofAddress = addresses.size === 0 ? undefined : addresses.get(key);
  return ofAddress ?? (domains.size === 0 ? undefined : domains.get(domainOf(key)));
}

function domainOf(key: string): string {
  return key.slice(lastAtSign(key) + 1 || key.length);
}

function unusable(kind: Kind, address: string): Refusal {
  const parts = splitAddress(address);
  if (kind === 'source') {
    return typeof parts === 'string' ? refuse('senderMalformed', parts) : refuse('senderUndecodable', address);
  }
  return typeof parts === 'string' ? refuse('recipientMalformed', parts) : refuse('recipientUndecodable', address);
}

/** The block that is taken, and before it those with rules that are passed over, if somebody wants to know. */
function reportRules<Block extends SourceBlock | DestinationBlock>(
  run: PipelineRun,
  kind: Kind,
  choice: Choice<Block>,
  address: string,
  ruled: RuledBlock<Block> | null,
): void {
  const { listener, tellsPassedOver } = run.message;
  if (listener === null) return;
  const { depth } = run;
  const common = { kind, table: null, address, depth } as const;
  if (tellsPassedOver) {
    for (const { texts: rules, block } of choice.ruled) {
      if (block === ruled?.block) break;
      listener({ ...common, rules, matched: null, taken: false, implicit: false, at: block.at });
    }
  }
  if (ruled === null) {
    const { implicit, at } = choice.fallback;
    listener({ ...common, rules: [], matched: null, taken: true, implicit, at });
  } else {
    const { rule, texts: rules, block } = ruled;
    listener({ ...common, rules, matched: rule.text, taken: true, implicit: false, at: block.at });
  }
}
