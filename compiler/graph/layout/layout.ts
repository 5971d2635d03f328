import { layersOf, type Segment } from './layers.ts';
import { placeVertically } from './vertical.ts';

export interface Box {
  readonly id: string;
  readonly width: number;
  readonly height: number;
}

export interface Link {
  readonly from: string;
  readonly to: string;
  /** Does not push its end to the right: it may lead back. */
  readonly weak: boolean;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface PlacedBox extends Box, Point {}

/** Points from the side of one box to the side of the other; the line between two of them is free of boxes. */
export type Path = readonly Point[];

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly boxes: ReadonlyMap<string, PlacedBox>;
  /** In the order of the links. */
  readonly paths: readonly Path[];
}

const columnGap = 52;
const margin = 24;

/**
 * A layered drawing from left to right. Boxes keep the order in which they are given as far as lines allow it: what is tried first
 * stands above. Own code and not a library's, because those reorder what a file orders.
 */
export function layOut(boxes: readonly Box[], links: readonly Link[]): Layout {
  const { columns, segments } = layersOf(boxes, links);
  const centres = placeVertically(columns);
  const placed = new Map<string, PlacedBox>();
  const points = new Map<object, { readonly left: Point; readonly right: Point }>();
  let x = margin;
  let height = 0;
  const top = Math.min(...columns.flat().map((cell) => (centres.get(cell) ?? 0) - cell.height / 2), 0);
  for (const column of columns) {
    const width = Math.max(0, ...column.map((cell) => cell.box?.width ?? 0));
    for (const cell of column) {
      const y = (centres.get(cell) ?? 0) - top + margin;
      height = Math.max(height, y + cell.height / 2);
      points.set(cell, { left: { x, y }, right: { x: x + width, y } });
      if (cell.box !== null) placed.set(cell.box.id, { ...cell.box, x, y: y - cell.height / 2, width });
    }
    x += width + columnGap;
  }
  return {
    width: Math.max(x - columnGap, 0) + margin,
    height: height + margin,
    boxes: placed,
    paths: segments.map((segment) => pathOf(segment, points)),
  };
}

function pathOf(
  { cells, reversed }: Segment,
  points: ReadonlyMap<object, { readonly left: Point; readonly right: Point }>,
): Path {
  const path = cells.flatMap((cell, at) => {
    const ends = points.get(cell);
    if (ends === undefined) return [];
    if (at === 0) return [ends.right];
    // Within one column a line leaves and arrives on the right.
    if (cells.length === 2 && points.get(cells[0] ?? cell)?.right.x === ends.right.x) return [ends.right];
    return at === cells.length - 1 ? [ends.left] : [ends.left, ends.right];
  });
  return reversed ? path.reverse() : path;
}
