import type { Answer as PacketAnswer } from 'dns-packet';
import type { Response } from './query.ts';
import { nameKey, type RecordType, readRecord } from './records.ts';

/** What a response holds for a question. */
export interface Found {
  /** Records of the type asked for, at the end of the aliases. */
  readonly records: readonly PacketAnswer[];
  /** Where the aliases in the response lead to. */
  readonly name: string;
  /** Seconds for which all of it is true; 0 when it does not say. */
  readonly seconds: number;
}

const mostAliases = 16;
const longestKept = 3_600;
const longestAbsence = 300;

/** Only what belongs to the question counts, whatever else was put into the response. */
export function findRecords(response: Response, type: RecordType, asked: string): Found {
  let name = nameKey(asked);
  let seconds = longestKept;
  const byName = new Map<string, PacketAnswer[]>();
  for (const answer of response.answers) {
    const key = nameKey(answer.name);
    const there = byName.get(key);
    if (there === undefined) byName.set(key, [answer]);
    else there.push(answer);
  }
  for (let aliases = 0; aliases <= mostAliases; aliases++) {
    const here = byName.get(name) ?? [];
    const records = here.filter((answer) => readRecord[type](answer) !== null);
    if (records.length > 0) return { records, name, seconds: Math.min(seconds, ...records.map(timeToLive)) };
    const alias = here.find((answer) => readRecord.CNAME(answer) !== null);
    const target = alias === undefined ? null : readRecord.CNAME(alias);
    if (alias === undefined || target === null) break;
    seconds = Math.min(seconds, timeToLive(alias));
    name = target;
  }
  return { records: [], name, seconds: Math.min(seconds, absenceSeconds(response)) };
}

function timeToLive(answer: PacketAnswer): number {
  return 'ttl' in answer ? (answer.ttl ?? 0) : 0;
}

/** How long a name or its records are known to be absent (RFC 2308 section 5); without an SOA record nobody says. */
function absenceSeconds({ authorities }: Response): number {
  for (const answer of authorities) {
    if (answer.type === 'SOA') return Math.min(timeToLive(answer), answer.data.minimum ?? 0, longestAbsence);
  }
  return 0;
}
