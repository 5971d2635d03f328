import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Box, type Link, layOut, type PlacedBox } from '../../../compiler/graph/layout/layout.ts';

const graphs = fc.integer({ min: 1, max: 24 }).chain((count) =>
  fc.record({
    boxes: fc
      .array(fc.tuple(fc.integer({ min: 20, max: 300 }), fc.integer({ min: 20, max: 90 })), {
        minLength: count,
        maxLength: count,
      })
      .map((sizes) => sizes.map(([width, height], at): Box => ({ id: `b${at}`, width, height }))),
    links: fc.array(
      fc
        .tuple(fc.nat(count - 1), fc.nat(count - 1), fc.boolean())
        .map(([from, to, weak]): Link => ({ from: `b${from}`, to: `b${to}`, weak })),
      { maxLength: 40 },
    ),
  }),
);

test('no two boxes overlap, whatever is linked with what', () => {
  fc.assert(
    fc.property(graphs, ({ boxes, links }) => {
      const placed = [...layOut(boxes, links).boxes.values()];
      expect(placed).toHaveLength(boxes.length);
      for (const [at, one] of placed.entries()) {
        for (const other of placed.slice(at + 1)) expect(overlap(one, other)).toBe(false);
      }
    }),
  );
});

test('every box lies in the picture, and every line begins and ends at a side of its boxes', () => {
  fc.assert(
    fc.property(graphs, ({ boxes, links }) => {
      const layout = layOut(boxes, links);
      for (const { x, y, width, height } of layout.boxes.values()) {
        expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
        expect(x + width).toBeLessThanOrEqual(layout.width);
        expect(y + height).toBeLessThanOrEqual(layout.height + 0.001);
      }
      for (const [at, { from, to }] of links.entries()) {
        const path = layout.paths[at] ?? [];
        if (from === to) continue;
        expect(isAtSide(path.at(0), layout.boxes.get(from))).toBe(true);
        expect(isAtSide(path.at(-1), layout.boxes.get(to))).toBe(true);
      }
    }),
  );
});

test('what is tried first stands above', () => {
  const box = (id: string): Box => ({ id, width: 100, height: 30 });
  const ids = ['first', 'second', 'third', 'fourth'];
  const links = ids.flatMap((id, at) => [
    { from: 'endpoint', to: id, weak: false },
    // Targets in the opposite order would pull the rules apart.
    { from: id, to: at % 2 === 0 ? 'low' : 'high', weak: false },
  ]);
  const { boxes } = layOut(['endpoint', ...ids, 'high', 'low'].map(box), links);
  const heights = ids.map((id) => boxes.get(id)?.y ?? Number.NaN);
  expect(heights).toEqual([...heights].sort((a, b) => a - b));
});

test('a long chain and a wide fan are drawn without trouble', () => {
  const box = (at: number): Box => ({ id: `b${at}`, width: 100, height: 30 });
  const boxes = Array.from({ length: 3000 }, (_, at) => box(at));
  const chain = boxes.slice(1).map(({ id }, at) => ({ from: `b${at}`, to: id, weak: false }));
  expect(layOut(boxes, chain).boxes.size).toBe(3000);
  const fan = boxes.slice(1).map(({ id }) => ({ from: 'b0', to: id, weak: false }));
  expect(layOut(boxes, fan).boxes.size).toBe(3000);
});

function overlap(one: PlacedBox, other: PlacedBox): boolean {
  const apart =
    one.x + one.width <= other.x ||
    other.x + other.width <= one.x ||
    one.y + one.height <= other.y + 0.001 ||
    other.y + other.height <= one.y + 0.001;
  return !apart;
}

function isAtSide(point: { x: number; y: number } | undefined, box: PlacedBox | undefined): boolean {
  if (point === undefined || box === undefined) return false;
  const isLevel = Math.abs(point.y - (box.y + box.height / 2)) < 0.001;
  return isLevel && [box.x, box.x + box.width].some((side) => Math.abs(side - point.x) < 0.001);
}
