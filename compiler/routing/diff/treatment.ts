import { targetWords } from '../../graph/node-words.ts';
import type { At } from '../../plan/plan.ts';
import { fateWords } from '../explain/fate-words.ts';
import { type Fate, shortName } from '../explain/request.ts';
import type { RoutingModel, Way } from '../prove/model.ts';
import type { RoutedModule } from '../routes.ts';

/** What a configuration does with a message, in a form that can be compared with what another one does. */
export interface Treatment {
  /** The outcome in one line, with what targets lead to. */
  readonly words: string;
  readonly fate: Pick<Fate, 'outcome' | 'reply' | 'stage' | 'quarantined'>;
  /** Names of the checks that look at the message. */
  readonly checks: readonly string[];
  /** Names of what changes its content, as a signature does. */
  readonly content: readonly string[];
  /** The rule that decides. */
  readonly at: At | null;
}

/** Says treatments for the ways of one model. */
export class Treatments {
  readonly #targets: ReadonlyMap<string, RoutedModule>;

  constructor({ reach }: RoutingModel) {
    this.#targets = new Map(reach.modules.map((module) => [placeKey(module.plan.at, module.module), module]));
  }

  of(way: Way): Treatment {
    const { outcome, reply, stage, quarantined, steps } = way;
    const to = way.traffic.recipient.representative;
    const deliveries = way.deliveries.map((delivery) => ({ ...delivery, recipient: renamed(delivery.recipient, to) }));
    const refused = steps.findLast((step) => step.kind === 'reject' || (step.kind === 'check' && !step.passed));
    const delivered = steps.findLast(({ kind }) => kind === 'deliver');
    return {
      words: fateWords({ outcome, reply, stage, quarantined, deliveries }, ({ name, target, at }) => {
        const module = this.#targets.get(placeKey(at, target));
        const leads = module === undefined ? target : targetWords(module).join(' ');
        return name === null ? `${target} ${leads === target ? '' : leads}`.trimEnd() : `${name} (${leads})`;
      }),
      fate: { outcome, reply, stage, quarantined },
      checks: named(way, 'check'),
      content: named(way, 'content'),
      at: (reply === null ? delivered : refused)?.at ?? null,
    };
  }
}

function placeKey([file, line, column]: At, module: string): string {
  return `${file}:${line}:${column} ${module}`;
}

/** Null when the recipient stays; a local part that anybody may have is shown as such. */
function renamed(final: string, original: string): string | null {
  if (final === original) return null;
  const localPart = original.slice(0, Math.max(original.lastIndexOf('@'), 0));
  return localPart === 'anybody' ? final.replace(/^anybody@/, '*@') : final;
}

function named({ steps }: Way, kind: 'check' | 'content'): readonly string[] {
  const names = steps.flatMap((step) =>
    step.kind === kind && 'module' in step && step.module !== null ? [step.module.name ?? shortName(step.module)] : [],
  );
  return [...new Set(names)].sort();
}

/** Checks and modifiers that are gone, and that are new. */
export interface HandlingChange {
  readonly lost: readonly string[];
  readonly won: readonly string[];
}

export function handlingChange(before: Treatment, after: Treatment): HandlingChange {
  const named = ({ checks, content }: Treatment): readonly string[] => [
    ...checks.map((name) => `check ${name}`),
    ...content.map((name) => `modify ${name}`),
  ];
  const [old, now] = [named(before), named(after)];
  return { lost: old.filter((each) => !now.includes(each)), won: now.filter((each) => !old.includes(each)) };
}

export function isHandledAlike(before: Treatment, after: Treatment): boolean {
  const { lost, won } = handlingChange(before, after);
  return lost.length === 0 && won.length === 0;
}
