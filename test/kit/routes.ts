import { readFileSync } from 'node:fs';
import { unicodeDomain } from '../../compiler/text/domain.ts';
import type { Zones } from './dns-server.ts';

/** Recorded routes: configurations, envelopes, and who got which recipient. */

export interface RecordedDelivery {
  readonly target: string;
  readonly name: string | null;
  readonly recipient: string;
  readonly via: readonly (string | null)[];
  /** MAIL FROM at the sink when it differs from `from`. */
  readonly sender?: string;
}

export interface RecordedRow {
  readonly to: string;
  readonly outcome: 'delivered' | 'deferred' | 'rejected';
  readonly deliveries: readonly RecordedDelivery[];
  readonly stage: 'mail' | 'rcpt' | 'data' | null;
  readonly reply: { readonly code: number; readonly enhanced: string; readonly text: string } | null;
}

export interface RecordedEnvelope {
  readonly endpoint: string;
  readonly ip: string;
  readonly auth: { readonly user: string; readonly pass: string } | null;
  readonly from: string;
  readonly to: readonly string[];
  readonly smtputf8?: boolean;
  readonly header_from?: string;
  readonly static?: false | { readonly check: readonly string[] };
  readonly expect: readonly RecordedRow[];
  /** Delivery status notifications that reached a sink. */
  readonly bounces?: readonly Omit<RecordedDelivery, 'via' | 'sender'>[];
}

export interface RecordedSink {
  readonly proto: 'smtp' | 'lmtp';
  readonly target: string;
  readonly name: string | null;
  readonly via: readonly (string | null)[];
  readonly replies?: readonly { readonly to: string; readonly reply: string }[];
}

export interface RecordedCase {
  readonly name: string;
  readonly about: string;
  readonly config: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly sinks: Readonly<Record<string, RecordedSink>>;
  readonly dns?: Zones;
  readonly envelopes: readonly RecordedEnvelope[];
}

interface RecordedRoutes {
  readonly cases: readonly RecordedCase[];
}

export const recordedRoutes: RecordedRoutes = JSON.parse(
  readFileSync(new URL('../vectors/routes.json', import.meta.url), 'utf8'),
);

export interface Placeholders {
  readonly stateDir: string;
  readonly runtimeDir: string;
  readonly port: (name: string) => number;
}

export function fillPlaceholders(text: string, { stateDir, runtimeDir, port }: Placeholders): string {
  return text
    .replaceAll('{state_dir}', stateDir)
    .replaceAll('{runtime_dir}', runtimeDir)
    .replaceAll(/\{port:(\w+)\}/g, (_, name: string) => String(port(name)));
}

/** The whole configuration of a case, with the three lines that were before it when it was recorded. */
export function configurationOf(recorded: RecordedCase, placeholders: Placeholders): string {
  return fillPlaceholders(`state_dir {state_dir}\nruntime_dir {runtime_dir}\n\n${recorded.config}`, placeholders);
}

/** A delivery as it is compared: `xn--` labels decoded, order and place left out. */
export function comparableDelivery({ target, name, recipient, via }: Omit<RecordedDelivery, 'sender'>): string {
  const at = recipient.lastIndexOf('@') + 1;
  const domain = recipient.slice(at);
  return JSON.stringify([target, name, recipient.slice(0, at) + (unicodeDomain(domain) ?? domain), via]);
}
