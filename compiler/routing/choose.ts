import { lookupAddress, splitAddress } from '../text/address.ts';
import { isRefusal, type Refusal, type Routing } from './question.ts';
import { refuse } from './refusals.ts';
import type { Choice, DestinationBlock, SourceBlock } from './routes.ts';
import type { PipelineRun } from './run.ts';

type Kind = 'source' | 'destination';

/** Finds the block for an address: tables, then exact address, then domain, then the default (runtime-core 11.3). */
export function* chooseBlock<Block extends SourceBlock | DestinationBlock>(
  run: PipelineRun,
  kind: Kind,
  choice: Choice<Block>,
  address: string,
): Routing<Block | Refusal> {
  const key = lookupAddress(address);
  if (key === null) return unusable(kind, address);
  const { listener } = run.message;
  for (const { table, at, block } of choice.tables) {
    const found = yield { ask: 'lookup', table, key, by: kind === 'source' ? 'source_in' : 'destination_in', at };
    // A table that cannot be asked does not match; who was asked has said so in the log.
    const taken = found !== null && !isRefusal(found) && found.length > 0;
    if (listener !== null) {
      const { implicit } = block;
      listener({ kind, rules: [], table, address, matched: taken ? key : null, taken, implicit, depth: run.depth, at });
    }
    if (taken) return block;
  }
  const ruled = choice.addresses.get(key) ?? choice.domains.get(domainOf(key));
  const block = ruled?.block ?? choice.fallback;
  if (listener !== null) reportRules(run, kind, choice, address, block, ruled?.rule.text ?? null);
  return block;
}

function domainOf(key: string): string {
  return key.slice(key.lastIndexOf('@') + 1 || key.length);
}

function unusable(kind: Kind, address: string): Refusal {
  const parts = splitAddress(address);
  if (kind === 'source') {
    return typeof parts === 'string' ? refuse('senderMalformed', parts) : refuse('senderUndecodable', address);
  }
  return typeof parts === 'string' ? refuse('recipientMalformed', parts) : refuse('recipientUndecodable', address);
}

/** The blocks with rules up to the one that is taken; all of them when it is the default. */
function reportRules<Block extends SourceBlock | DestinationBlock>(
  run: PipelineRun,
  kind: Kind,
  choice: Choice<Block>,
  address: string,
  taken: Block,
  matched: string | null,
): void {
  const { listener } = run.message;
  if (listener === null) return;
  const { depth } = run;
  const common = { kind, table: null, address, depth } as const;
  for (const { rules, block } of choice.ruled) {
    const isTaken = block === taken;
    listener({
      ...common,
      rules: rules.map((rule) => rule.text),
      matched: isTaken ? matched : null,
      taken: isTaken,
      implicit: false,
      at: block.at,
    });
    if (isTaken) return;
  }
  listener({ ...common, rules: [], matched: null, taken: true, implicit: taken.implicit, at: taken.at });
}
