import { crc32, deflateSync, inflateSync } from 'node:zlib';

/**
 * A screenshot with 256 colours instead of all: a quarter of the bytes, and what is flat stays as it is. PNG of 8 bits a channel
 * without interlacing, as browsers write it (PNG specification, sections 5, 7.3, 9 and 11).
 */
export function withPalette(png: Buffer): Buffer {
  const { width, height, pixels } = decode(png);
  const counts = new Map<number, number>();
  for (const colour of pixels) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const palette = choosePalette(counts);
  const indexes = new Map([...counts.keys()].map((colour) => [colour, nearestIndex(palette, colour)]));
  const rows = Buffer.alloc((width + 1) * height);
  for (let at = 0; at < pixels.length; at += 1) {
    rows[at + Math.floor(at / width) + 1] = indexes.get(pixels[at] ?? 0) ?? 0;
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // Eight bits an index into a palette.
  header.set([8, 3], 8);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flatMap(channelsOf))),
    chunk('IDAT', deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

interface Picture {
  readonly width: number;
  readonly height: number;
  /** 0xRRGGBB each, row by row. */
  readonly pixels: Uint32Array;
}

function decode(png: Buffer): Picture {
  const parts: Buffer[] = [];
  let header = png.subarray(0, 0);
  for (let at = signature.length; at + 8 <= png.length; ) {
    const length = png.readUInt32BE(at);
    const type = png.toString('latin1', at + 4, at + 8);
    const data = png.subarray(at + 8, at + 8 + length);
    if (type === 'IHDR') header = data;
    else if (type === 'IDAT') parts.push(data);
    at += 12 + length;
  }
  const [depth, colours, , , interlaced] = header.subarray(8);
  const channels = colours === 2 ? 3 : 4;
  if (depth !== 8 || (colours !== 2 && colours !== 6) || interlaced !== 0) throw new Error('not a PNG of a browser');
  const width = header.readUInt32BE(0);
  const height = header.readUInt32BE(4);
  const rows = unfilter(inflateSync(Buffer.concat(parts)), width * channels, height, channels);
  const pixels = new Uint32Array(width * height);
  for (let at = 0; at < pixels.length; at += 1) pixels[at] = rows.readUIntBE(at * channels, 3);
  return { width, height, pixels };
}

function unfilter(data: Buffer, stride: number, height: number, step: number): Buffer {
  const rows = Buffer.alloc(stride * height);
  for (let row = 0; row < height; row += 1) {
    const filter = data[row * (stride + 1)] ?? 0;
    for (let column = 0; column < stride; column += 1) {
      const at = row * stride + column;
      const left = column < step ? 0 : (rows[at - step] ?? 0);
      const above = row === 0 ? 0 : (rows[at - stride] ?? 0);
      const corner = row === 0 || column < step ? 0 : (rows[at - stride - step] ?? 0);
      const guess = [0, left, above, (left + above) >> 1, paeth(left, above, corner)][filter] ?? 0;
      rows[at] = (data[row * (stride + 1) + 1 + column] ?? 0) + guess;
    }
  }
  return rows;
}

function paeth(left: number, above: number, corner: number): number {
  const [toLeft, toAbove, toCorner] = [above - corner, left - corner, left + above - 2 * corner].map(Math.abs);
  if (toLeft === undefined || toAbove === undefined || toCorner === undefined) return 0;
  return toLeft <= toAbove && toLeft <= toCorner ? left : toAbove <= toCorner ? above : corner;
}

const channelsOf = (colour: number): [number, number, number] => [colour >> 16, (colour >> 8) & 0xff, colour & 0xff];

type Counted = readonly [colour: number, count: number];

/** The commonest colours, which make up what is flat, exactly; the rest by what lies close together. */
function choosePalette(counts: ReadonlyMap<number, number>): readonly number[] {
  const byCount = [...counts].sort(([, a], [, b]) => b - a);
  const exact = byCount.slice(0, 128).map(([colour]) => colour);
  const boxes = [byCount.slice(128)].filter((box) => box.length > 0);
  while (boxes.length > 0 && boxes.length < 128) {
    boxes.sort((a, b) => widestChannel(a).width * a.length - widestChannel(b).width * b.length);
    const largest = boxes.pop();
    if (largest === undefined || largest.length < 2) {
      if (largest !== undefined) boxes.push(largest);
      break;
    }
    const { channel } = widestChannel(largest);
    const sorted = largest.toSorted(([a], [b]) => (channelsOf(a)[channel] ?? 0) - (channelsOf(b)[channel] ?? 0));
    boxes.push(sorted.slice(0, sorted.length >> 1), sorted.slice(sorted.length >> 1));
  }
  return [...exact, ...boxes.map(average)];
}

function widestChannel(box: readonly Counted[]): { readonly channel: number; readonly width: number } {
  const low = [255, 255, 255];
  const high = [0, 0, 0];
  for (const [colour] of box) {
    for (const [channel, value] of channelsOf(colour).entries()) {
      low[channel] = Math.min(low[channel] ?? 255, value);
      high[channel] = Math.max(high[channel] ?? 0, value);
    }
  }
  const widths = high.map((value, channel) => value - (low[channel] ?? 0));
  const width = Math.max(...widths);
  return { channel: widths.indexOf(width), width };
}

function average(box: readonly Counted[]): number {
  const sums = [0, 0, 0];
  let total = 0;
  for (const [colour, count] of box) {
    total += count;
    for (const [channel, value] of channelsOf(colour).entries()) sums[channel] = (sums[channel] ?? 0) + value * count;
  }
  return sums.reduce((colour, sum) => (colour << 8) | Math.round(sum / total), 0);
}

function nearestIndex(palette: readonly number[], colour: number): number {
  const [red, green, blue] = channelsOf(colour);
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (const [index, candidate] of palette.entries()) {
    const distance =
      (red - (candidate >> 16)) ** 2 + (green - ((candidate >> 8) & 0xff)) ** 2 + (blue - (candidate & 0xff)) ** 2;
    if (distance < least) {
      least = distance;
      best = index;
    }
  }
  return best;
}
