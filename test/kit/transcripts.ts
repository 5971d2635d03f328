import { readFileSync } from 'node:fs';

/** One step of a recorded session, as far as tests of parts use them. */
export interface TranscriptStep {
  readonly conn?: string;
  readonly connect?: string;
  readonly send?: readonly string[];
  readonly send_raw?: string;
  readonly send_repeat?: { readonly line: string; readonly count: number };
  readonly expect?: readonly string[];
  readonly eof?: boolean;
  readonly starttls?: boolean;
}

export interface Transcript {
  readonly name: string;
  readonly about: string;
  readonly quirk?: string;
  readonly steps: readonly TranscriptStep[];
}

interface HeaderWriteUnit {
  readonly key: string;
  readonly value: string;
  /** Empty: refused. */
  readonly written: string;
}

interface TranscriptFile {
  readonly cases: readonly Transcript[];
  readonly units: { readonly header_write: readonly HeaderWriteUnit[] };
}

/** Sessions recorded from maddy 0.9.4, amended by our decisions. */
export const transcripts: TranscriptFile = JSON.parse(
  readFileSync(new URL('../vectors/smtp-transcripts.json', import.meta.url), 'utf8'),
);

export function transcript(name: string): Transcript {
  const found = transcripts.cases.find((recorded) => recorded.name === name);
  if (found === undefined) throw new Error(`no recorded session is named ${name}`);
  return found;
}
