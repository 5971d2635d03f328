import type { ConfigOf } from '../../compiler/catalog/config-of.ts';
import type { limits } from '../../compiler/catalog/modules/limits.ts';
import type { Plan } from '../../compiler/plan/plan.ts';
import type { ProcessFigures } from '../observe/exposition.ts';
import type { Sample } from '../observe/metrics.ts';
import type { InheritedSocket } from '../systemd/inherited-sockets.ts';

export type LimitsConfig = ConfigOf<typeof limits>;

/** From the primary to a worker. Requests are numbered by whoever asks. */
export type ToWorker =
  | {
      readonly kind: 'start';
      readonly plan: Plan;
      /** Of the configuration; counts up with each reload. */
      readonly generation: number;
      /** The worker that tells of what all of them do. */
      readonly leads: boolean;
      /** It delivers what is in queue files; the others only put in. */
      readonly keepsQueues: boolean;
      readonly inherited: readonly InheritedSocket[];
    }
  | { readonly kind: 'reload'; readonly plan: Plan; readonly generation: number; readonly leads: boolean }
  | { readonly kind: 'rotate' }
  | { readonly kind: 'stop' }
  | { readonly kind: 'permitted'; readonly request: number; readonly granted: boolean }
  | { readonly kind: 'collect'; readonly request: number }
  | { readonly kind: 'collected'; readonly request: number; readonly processes: readonly ProcessFigures[] };

/** From a worker to the primary. */
export type ToPrimary =
  /** `failure`: null, or why `start` or `reload` changed nothing. */
  | { readonly kind: 'done'; readonly failure: string | null }
  | { readonly kind: 'retired'; readonly generation: number }
  /** A message wants to pass the limits `key`. */
  | {
      readonly kind: 'permit';
      readonly request: number;
      readonly key: string;
      readonly config: LimitsConfig;
      readonly client: string;
      readonly domain: string;
    }
  | { readonly kind: 'release'; readonly request: number }
  | { readonly kind: 'figures'; readonly request: number; readonly figures: ProcessFigures }
  /** Counts so far, so that they are not lost with the worker. */
  | { readonly kind: 'samples'; readonly samples: readonly Sample[] }
  | { readonly kind: 'collect'; readonly request: number };

const kindsToWorker: ReadonlySet<unknown> = new Set<ToWorker['kind']>([
  'start',
  'reload',
  'rotate',
  'stop',
  'permitted',
  'collect',
  'collected',
]);

const kindsToPrimary: ReadonlySet<unknown> = new Set<ToPrimary['kind']>([
  'done',
  'retired',
  'permit',
  'release',
  'figures',
  'samples',
  'collect',
]);

/** Both ends run the same code: the kind tells the rest. */
export function isToWorker(message: unknown): message is ToWorker {
  return kindsToWorker.has(kindOf(message));
}

export function isToPrimary(message: unknown): message is ToPrimary {
  return kindsToPrimary.has(kindOf(message));
}

function kindOf(message: unknown): unknown {
  return typeof message === 'object' && message !== null && 'kind' in message ? message.kind : undefined;
}
