import type { Cell } from './layers.ts';

const boxGap = 18;
const rounds = 12;

/** Heights of the middles: each cell as near to its neighbours as the order of its column allows. */
export function placeVertically(columns: readonly (readonly Cell[])[]): ReadonlyMap<Cell, number> {
  const centres = new Map<Cell, number>();
  for (const column of columns) settle(column, centres, () => 0);
  for (let round = 0; round < rounds; round++) {
    for (const column of columns) settle(column, centres, ({ before }) => middle(before, centres));
    for (const column of columns.toReversed()) settle(column, centres, ({ after }) => middle(after, centres));
  }
  return centres;
}

function middle(cells: readonly Cell[], centres: ReadonlyMap<Cell, number>): number | null {
  if (cells.length === 0) return null;
  return cells.reduce((sum, cell) => sum + (centres.get(cell) ?? 0), 0) / cells.length;
}

interface Pool {
  /** Index of the first cell behind the pool. */
  end: number;
  sum: number;
  weight: number;
}

/**
 * Moves a column's cells to where they want to be; those that would overlap share the distance (pool adjacent violators), which
 * is the best place for all of them together. A cell without a wish stays where it is.
 */
function settle(column: readonly Cell[], centres: Map<Cell, number>, wish: (cell: Cell) => number | null): void {
  // As far as each cell would stand from the first one if all stood as close as they may.
  const packed: number[] = [];
  for (const [at, cell] of column.entries()) {
    const above = column[at - 1];
    packed.push(above === undefined ? 0 : (packed[at - 1] ?? 0) + distance(above, cell));
  }
  const pools: Pool[] = [];
  for (const [at, cell] of column.entries()) {
    const wanted = wish(cell);
    // Those that only stay where they are give way to those that want something.
    const weight = wanted === null ? 0.01 : 1;
    const free = (wanted ?? centres.get(cell) ?? 0) - (packed[at] ?? 0);
    const pool = { end: at + 1, sum: free * weight, weight };
    for (let above = pools.at(-1); above !== undefined && levelOf(pool) < levelOf(above); above = pools.at(-1)) {
      pool.sum += above.sum;
      pool.weight += above.weight;
      pools.pop();
    }
    pools.push(pool);
  }
  let at = 0;
  for (const pool of pools) {
    for (; at < pool.end; at++) {
      const cell = column[at];
      if (cell !== undefined) centres.set(cell, levelOf(pool) + (packed[at] ?? 0));
    }
  }
}

function levelOf({ sum, weight }: Pool): number {
  return sum / weight;
}

function distance(above: Cell, below: Cell): number {
  const gap = above.box === null && below.box === null ? 4 : boxGap;
  return (above.height + below.height) / 2 + gap;
}
