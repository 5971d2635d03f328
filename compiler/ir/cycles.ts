import { bounceCycle, cycle } from './codes/structure.ts';
import { type Finding, finding } from './finding.ts';
import type { Block, Reference } from './ir.ts';
import { referencesOf, referencesOfPipeline } from './walk.ts';

interface Edge {
  readonly to: Block;
  readonly reference: Reference;
  readonly bounce: boolean;
}

/**
 * Circles of references (D10). One that a message can go round for ever is an error; one that leads through the `bounce`
 * of a queue ends, since bounces are not bounced again.
 */
export function findCycles(blocks: ReadonlyMap<string, Block>): readonly Finding[] {
  const edges = new Map<Block, readonly Edge[]>();
  for (const block of blocks.values()) edges.set(block, edgesOf(block));
  const found: Finding[] = [];
  for (const circle of circles(edges, false)) found.push(endless(circle));
  for (const circle of circles(edges, true)) if (circle.some((edge) => edge.bounce)) found.push(ending(circle));
  return found;
}

function edgesOf(block: Block): readonly Edge[] {
  const direct = referencesOf(block.module);
  const bounced = block.module.bounce === null ? [] : referencesOfPipeline(block.module.bounce);
  const edges: Edge[] = [];
  for (const reference of direct) {
    if (reference.block !== null) edges.push({ to: reference.block, reference, bounce: false });
  }
  for (const reference of bounced) {
    if (reference.block !== null) edges.push({ to: reference.block, reference, bounce: true });
  }
  return edges;
}

/** A file with more of them is not helped by a longer list. */
const mostCircles = 50;

/** One circle for each reference that closes one, by a search in depth without recursion. */
function circles(edges: ReadonlyMap<Block, readonly Edge[]>, withBounces: boolean): readonly (readonly Edge[])[] {
  const found: (readonly Edge[])[] = [];
  const finished = new Set<Block>();
  for (const start of edges.keys()) {
    if (finished.has(start)) continue;
    if (edges.get(start)?.length === 0) {
      finished.add(start);
      continue;
    }
    /** Place in the path of each block that is on it now. */
    const depth = new Map<Block, number>([[start, 0]]);
    const path: { block: Block; next: number; by: Edge | null }[] = [{ block: start, next: 0, by: null }];
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const edge = edges.get(top.block)?.[top.next];
      top.next += 1;
      if (edge === undefined) {
        finished.add(top.block);
        depth.delete(top.block);
        path.pop();
        continue;
      }
      if (edge.bounce && !withBounces) continue;
      const at = depth.get(edge.to);
      if (at !== undefined) {
        if (found.length === mostCircles) return found;
        const inside = path.slice(at + 1).flatMap(({ by }) => (by === null ? [] : [by]));
        found.push([...inside, edge]);
      } else if (!finished.has(edge.to)) {
        depth.set(edge.to, path.length);
        path.push({ block: edge.to, next: 0, by: edge });
      }
    }
  }
  return found;
}

const longestShown = 8;

function wayOf(circle: readonly Edge[]): string {
  const names = circle.map((edge) => edge.to.name);
  const shown = [names.at(-1) ?? '', ...names];
  return shown.length > longestShown
    ? [...shown.slice(0, longestShown - 1), '…', shown.at(-1)].join(' -> ')
    : shown.join(' -> ');
}

function relatedOf(
  circle: readonly Edge[],
): { file: Reference['origin']['file']; range: Reference['origin']['range']; message: string }[] {
  return circle.slice(0, longestShown).map(({ reference, to }) => ({
    file: reference.origin.file,
    range: reference.origin.range,
    message: `leads to ${to.name}`,
  }));
}

function endless(circle: readonly Edge[]): Finding {
  const last = circle.at(-1);
  const kinds = new Set(circle.map((edge) => edge.to.entry.name));
  return finding(cycle, last?.reference.origin ?? null, {
    message: `${kindWords(kinds)} cycle: ${wayOf(circle)}`,
    details: [consequence(kinds), 'Break the circle at one of its references.'],
    related: relatedOf(circle.slice(0, -1)),
  });
}

function kindWords(kinds: ReadonlySet<string>): string {
  if (kinds.has('target.queue')) return 'queue';
  if (kinds.has('msgpipeline')) return 'pipeline';
  return kinds.has('table.chain') ? 'table' : 'reference';
}

function consequence(kinds: ReadonlySet<string>): string {
  if (kinds.has('target.queue')) {
    return 'maddy accepts the mail, puts it into the queue again and again, and loses it in the end without a bounce.';
  }
  if (kinds.has('msgpipeline')) return 'maddy accepts the file; the first message hangs and eats all memory.';
  return 'maddy accepts the file and crashes at the first recipient.';
}

function ending(circle: readonly Edge[]): Finding {
  const bounce = circle.find((edge) => edge.bounce);
  return finding(bounceCycle, bounce?.reference.origin ?? null, {
    message: `bounces go through the queue that they come from: ${wayOf(circle)}`,
    details: [
      'This ends: a bounce has the null sender and is not bounced again. One that cannot be delivered stays for the whole life of the queue and is then dropped.',
    ],
  });
}
