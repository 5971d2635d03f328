import type { WantedDns, WantedRecord } from './records.ts';
import type { WebFile } from './web-files.ts';

/** Records as lines for a zone file; what is not known yet, and files for a web server, as comments. */
export function zoneText({ records, webFiles }: WantedDns): string {
  const lines = records.flatMap((record, index) => [
    ...(index > 0 && records[index - 1]?.purpose !== record.purpose ? [''] : []),
    ...(records[index - 1]?.says === record.says ? [] : [`; ${record.says}`]),
    ...recordLines(record),
  ]);
  return `${[...lines, ...webFiles.flatMap(fileLines)].join('\n')}\n`;
}

function recordLines({ name, type, data, unknown }: WantedRecord): readonly string[] {
  if (data === null) return [`; not known: ${unknown}`, `; ${name}. IN ${type} …`];
  return [zoneLine(name, type, data)];
}

/** One record as a line; `name` in A-labels without its final dot. */
export function zoneLine(name: string, type: WantedRecord['type'], data: readonly string[]): string {
  return `${name}. IN ${type} ${fieldWords(type, data).join(' ')}`;
}

function fieldWords(type: WantedRecord['type'], data: readonly string[]): readonly string[] {
  if (type === 'TXT') return data.flatMap(quotedPieces);
  return data.map((field, index) => (isName(type, index, data.length) ? `${field}.` : field));
}

const isName = (type: WantedRecord['type'], index: number, length: number): boolean =>
  (type === 'MX' || type === 'SRV' || type === 'CNAME') && index === length - 1;

/** A string of a record holds 255 bytes (RFC 1035 section 3.3); texts here are ASCII. */
function quotedPieces(text: string): readonly string[] {
  const pieces: string[] = [];
  for (let at = 0; at < text.length; at += 255) pieces.push(text.slice(at, at + 255));
  return pieces.map((piece) => `"${piece.replace(/["\\]/g, '\\$&')}"`);
}

/** A policy is short; settings for mail programs are not, and are printed when they are asked for. */
function fileLines({ kind, url, content }: WebFile): readonly string[] {
  const shown = kind === 'mta-sts' ? content.trimEnd().split(/\r?\n/) : ['(maddyc dns --print autoconfig)'];
  return ['', `; ${url}`, ...shown.map((line) => `;     ${line}`)];
}
