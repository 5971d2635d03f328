import type { Box, Link } from './layout.ts';

/** A place in a column: of a box, or of a line that passes. */
export interface Cell {
  readonly box: Box | null;
  readonly height: number;
  readonly before: Cell[];
  readonly after: Cell[];
}

/** The cells that a link passes, from left to right. */
export interface Segment {
  readonly cells: readonly Cell[];
  /** The link itself leads from right to left: back to where mail has been. */
  readonly reversed: boolean;
}

const lineHeight = 10;

export interface Layers {
  readonly columns: readonly (readonly Cell[])[];
  readonly segments: readonly Segment[];
}

/** Puts each box one column behind all that lead to it, and orders the columns so that few lines cross. */
export function layersOf(boxes: readonly Box[], links: readonly Link[]): Layers {
  const strong = links.filter(({ weak }) => !weak);
  const closing = closingLinks(boxes, strong);
  const ranks = rank(
    boxes,
    strong.map((link) => (closing.has(link) ? turned(link) : link)),
  );
  const forward = links.map((link) => {
    const reversed = link.weak ? (ranks.get(link.to) ?? 0) < (ranks.get(link.from) ?? 0) : closing.has(link);
    return { ...(reversed ? turned(link) : link), reversed };
  });
  const columns: Cell[][] = [];
  const cells = new Map<string, Cell>();
  const put = (box: Box | null, column: number): Cell => {
    const cell: Cell = { box, height: box?.height ?? lineHeight, before: [], after: [] };
    columns[column] ??= [];
    columns[column].push(cell);
    return cell;
  };
  for (const box of boxes) cells.set(box.id, put(box, ranks.get(box.id) ?? 0));
  const segments = forward.map(({ from, to, reversed }): Segment => {
    const first = cells.get(from);
    const last = cells.get(to);
    if (first === undefined || last === undefined || first === last) return { cells: [], reversed };
    const chain: Cell[] = [first];
    for (let at = (ranks.get(from) ?? 0) + 1; at < (ranks.get(to) ?? 0); at++) chain.push(put(null, at));
    chain.push(last);
    // Within one column.
    if (ranks.get(from) === ranks.get(to)) return { cells: chain, reversed };
    for (const [index, cell] of chain.entries()) {
      const next = chain[index + 1];
      if (next === undefined) break;
      cell.after.push(next);
      next.before.push(cell);
    }
    return { cells: chain, reversed };
  });
  return { columns: order(columns), segments };
}

function turned({ from, to, weak }: Link): Link {
  return { from: to, to: from, weak };
}

/** Links that close a cycle: they are turned around for the drawing. */
function closingLinks(boxes: readonly Box[], links: readonly Link[]): ReadonlySet<Link> {
  const outgoing = Map.groupBy(links, ({ from }) => from);
  const state = new Map<string, 'open' | 'done'>();
  const closing = new Set<Link>();
  for (const { id } of boxes) {
    if (state.has(id)) continue;
    // A stack of its own: a configuration may be deeper than the engine's.
    const path: { readonly id: string; readonly links: readonly Link[]; next: number }[] = [];
    const open = (at: string): void => {
      state.set(at, 'open');
      path.push({ id: at, links: outgoing.get(at) ?? [], next: 0 });
    };
    open(id);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const link = top.links[top.next];
      top.next += 1;
      if (link === undefined) {
        state.set(top.id, 'done');
        path.pop();
      } else if (state.get(link.to) === 'open') closing.add(link);
      else if (!state.has(link.to)) open(link.to);
    }
  }
  return closing;
}

/** The longest way to each box. */
function rank(boxes: readonly Box[], links: readonly Link[]): ReadonlyMap<string, number> {
  const ranks = new Map(boxes.map(({ id }) => [id, 0]));
  const outgoing = Map.groupBy(links, ({ from }) => from);
  const waiting = new Map(boxes.map(({ id }) => [id, 0]));
  for (const { to } of links) waiting.set(to, (waiting.get(to) ?? 0) + 1);
  const ready = boxes.filter(({ id }) => waiting.get(id) === 0).map(({ id }) => id);
  for (let id = ready.pop(); id !== undefined; id = ready.pop()) {
    for (const { to } of outgoing.get(id) ?? []) {
      ranks.set(to, Math.max(ranks.get(to) ?? 0, (ranks.get(id) ?? 0) + 1));
      const left = (waiting.get(to) ?? 0) - 1;
      waiting.set(to, left);
      if (left === 0) ready.push(to);
    }
  }
  return ranks;
}

/**
 * Each column in the order of what leads to it (Sugiyama's barycentres, downwards only): cells with the same parent stay in the
 * order of the file.
 */
function order(columns: readonly (readonly Cell[])[]): readonly (readonly Cell[])[] {
  const positions = new Map<Cell, number>();
  return columns.map((column) => {
    const weight = new Map(
      column.map((cell, at) => {
        const places = cell.before.map((each) => (positions.get(each) ?? 0) + shareOf(each, cell));
        return [cell, places.length === 0 ? at : places.reduce((sum, each) => sum + each, 0) / places.length];
      }),
    );
    const sorted = [...column].sort((a, b) => (weight.get(a) ?? 0) - (weight.get(b) ?? 0));
    for (const [at, cell] of sorted.entries()) positions.set(cell, at);
    return sorted;
  });
}

/** Which of its parent's children a cell is, as a part of one: tells siblings apart, and no more than them. */
function shareOf(parent: Cell, cell: Cell): number {
  return parent.after.indexOf(cell) / (parent.after.length + 1);
}
