import type { Reply } from '../../runtime/module.ts';
import type { QueueEntry } from '../../runtime/queue/admin.ts';

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
] as const;

/** `3 h`, in the largest unit of which there is one. */
export function span(milliseconds: number): string {
  const [unit, size] = units.find(([, each]) => milliseconds >= each) ?? ['s', 1000];
  return `${Math.floor(milliseconds / size)} ${unit}`;
}

export function bytes(size: number): string {
  if (size < 1000) return `${size} B`;
  return size < 1_000_000 ? `${Math.round(size / 1000)} kB` : `${(size / 1_000_000).toFixed(1)} MB`;
}

export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

export function failureText({ code, enhanced, text }: Reply): string {
  return printable(`${code} ${enhanced} ${text}`);
}

/** What others wrote must not move the cursor. */
export function printable(text: string): string {
  return text.replace(/[\0-\x1f\x7f-\x9f]/g, ' ');
}

export function whenText({ state, dueAt }: QueueEntry, now: number): string {
  if (state === 'held') return 'held';
  if (state === 'delivering') return 'now';
  return dueAt <= now ? 'due' : `in ${span(dueAt - now)}`;
}

/** Attempts that failed, of the recipient that has the most. */
export function tries({ message: { recipients, bounce } }: QueueEntry): number {
  return Math.max(bounce?.tries ?? 0, ...recipients.map((each) => each.tries));
}

/** Columns as wide as their widest cell; the last one as long as it is. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}
