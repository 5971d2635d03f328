import { resolve } from 'node:path';
import type { BackOffRules } from './destinations.ts';
import type { RetrySchedule } from './schedule.ts';

/** Where the messages of a queue are kept. */
export type QueuePlace =
  | { readonly kind: 'directory'; readonly directory: string }
  /** In a database that several queues, and several machines, may share. */
  | { readonly kind: 'postgres'; readonly url: string; readonly queue: string };

export interface PlaceSettings {
  readonly location?: string | undefined;
  readonly store?: string | undefined;
}

/** `name` is the block's; a queue that is written in place has a location. */
export function queuePlace({ location, store }: PlaceSettings, name: string | null, stateDir: string): QueuePlace {
  const place = location ?? name ?? 'queue';
  if (store !== undefined && isPostgres(store)) return { kind: 'postgres', url: store, queue: place };
  return { kind: 'directory', directory: resolve(stateDir, place) };
}

function isPostgres(store: string): boolean {
  return /^postgres(ql)?:/.test(store);
}

/** The same for the same messages. */
export function placeKey(place: QueuePlace): string {
  return place.kind === 'directory' ? place.directory : `${place.queue} in ${withoutPassword(place.url)}`;
}

function withoutPassword(url: string): string {
  return url.replace(/^([^:]*:\/\/[^:@/]*):[^@/]*@/, '$1@');
}

export interface ScheduleSettings {
  readonly initial_retry_time: number;
  readonly retry_time_scale: number;
  readonly max_tries: number;
}

export function scheduleOf(settings: ScheduleSettings): RetrySchedule {
  return {
    initialRetryTime: settings.initial_retry_time,
    retryTimeScale: settings.retry_time_scale,
    maxTries: settings.max_tries,
  };
}

export interface DestinationSettings {
  readonly max_parallelism: number;
  readonly destination_parallelism?: number | undefined;
  readonly destination_tolerance?: number | undefined;
  readonly destination_pause?: number | undefined;
  readonly destination_max_pause?: number | undefined;
}

/** A destination may hold this share of what runs at once. */
const destinationShare = 4;
const tolerance = 5;
/** Milliseconds. */
const pause = 30_000;
const longestPause = 300_000;

/** What is not said counts as before there was anything to say. */
export function backOffRulesOf(settings: DestinationSettings): BackOffRules {
  const firstPause = settings.destination_pause ?? pause;
  return {
    concurrency:
      settings.destination_parallelism ?? Math.max(1, Math.ceil(settings.max_parallelism / destinationShare)),
    tolerance: settings.destination_tolerance ?? tolerance,
    firstPause,
    longestPause: Math.max(firstPause, settings.destination_max_pause ?? longestPause),
  };
}
