import type { StsPolicy } from './policy-text.ts';

/** A policy as it was fetched. */
export interface KeptPolicy {
  /** Of the record that announced it. */
  readonly id: string;
  /** Unix milliseconds. */
  readonly fetchedAt: number;
  readonly policy: StsPolicy;
}

export function isCurrent({ fetchedAt, policy }: KeptPolicy, now: number): boolean {
  return fetchedAt + policy.maxAge * 1000 > now;
}

/** As maddy writes it (runtime-mta 6.1), so that each can go on with the other's. */
export function writeKeptPolicy({ id, fetchedAt, policy: { mode, maxAge, mx } }: KeptPolicy): string {
  const policy = { Mode: mode, MaxAge: maxAge, MX: mx };
  return `${JSON.stringify({ FetchTime: new Date(fetchedAt).toISOString(), ID: id, Policy: policy })}\n`;
}

/** Null when the text is none. */
export function readKeptPolicy(text: string): KeptPolicy | null {
  const { FetchTime: time, ID: id, Policy: policy } = fieldsOf(parsed(text));
  const { Mode: mode, MaxAge: maxAge, MX: mx } = fieldsOf(policy);
  const fetchedAt = typeof time === 'string' ? Date.parse(time) : Number.NaN;
  if (Number.isNaN(fetchedAt) || typeof id !== 'string' || typeof maxAge !== 'number') return null;
  if (mode !== 'enforce' && mode !== 'testing' && mode !== 'none') return null;
  const names: readonly unknown[] = Array.isArray(mx) ? mx : [];
  return { id, fetchedAt, policy: { mode, maxAge, mx: names.filter((name) => typeof name === 'string') } };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
