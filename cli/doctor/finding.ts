import type { Origin } from '../../compiler/source/origin.ts';
import { positionAt } from '../../compiler/source/source-file.ts';

/** What was looked at on the host, and what is to be done about it. */
export interface DoctorFinding {
  /** Of the page about the doctor, or the code of a rule. */
  readonly id: string;
  readonly status: 'ok' | 'info' | 'warning' | 'error';
  /** What was looked at: an address, a path, an account; null when the message says it. */
  readonly subject: string | null;
  readonly message: string;
  /** What to do, a sentence each. */
  readonly advice: readonly string[];
  /** Where the configuration names it. */
  readonly place: { readonly file: string; readonly line: number } | null;
}

export type Subject = Pick<DoctorFinding, 'subject' | 'place'>;

export function subjectAt(subject: string, origin: Origin | null): Subject {
  if (origin === null) return { subject, place: null };
  const { file, range } = origin;
  return { subject, place: { file: file.path, line: positionAt(file, range.start).line } };
}

export function fine(id: string, subject: Subject, message: string): DoctorFinding {
  return { id, status: 'ok', ...subject, message, advice: [] };
}

export function trouble(
  id: string,
  status: Exclude<DoctorFinding['status'], 'ok'>,
  subject: Subject,
  message: string,
  ...advice: readonly string[]
): DoctorFinding {
  return { id, status, ...subject, message, advice };
}
