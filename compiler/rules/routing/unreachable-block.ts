import { diagnose } from '../../diagnostics/diagnose.ts';
import type { Code } from '../../diagnostics/diagnostic.ts';
import { listener } from '../../ir/codes/sample.ts';
import type { At } from '../../plan/plan.ts';
import type { RoutingModel } from '../../routing/prove/model.ts';
import type { Choice, Pipeline } from '../../routing/routes.ts';
import type { Rule, RuleContext } from '../rule.ts';
import { placeAt } from './place.ts';

const rewritten = (to: string): string =>
  listener(
    `modify {\n    replace_rcpt static {\n        entry ann@example.org ${to}\n    }\n}\ndestination postmaster {\n    deliver_to dummy\n}\ndestination ann@example.org {\n    deliver_to dummy\n}\ndefault_destination {\n    reject\n}`,
  );

const code: Code = {
  code: 'M4106',
  name: 'unreachable-block',
  severity: 'warning',
  summary: 'no mail ever comes to this block',
  page: () => ({
    docs: 'maddyc followed mail of every kind through the configuration, and none comes to this block: a table or a rewriting before it takes or changes all addresses that it names. What is written in it has no effect. Mind that `replace_rcpt` and `replace_sender` change addresses before the rules of their block are asked.',
    invalid: rewritten('bob@example.org'),
    valid: rewritten('ann@example.org'),
  }),
};

export const unreachableBlock: Rule = {
  code,
  *check({ routing, files }) {
    if (routing === null) return;
    const survey = routing.survey();
    const bounces = routing.bounceSurvey();
    if (!survey.complete || !bounces.complete) return;
    // Steps of one block share its place: most are met many times.
    const met = { source: new Set<At>(), destination: new Set<At>(), pipeline: new Set<At>() };
    for (const { steps } of [...survey.ways, ...bounces.ways]) {
      for (const step of steps) {
        if (step.kind === 'pipeline') met.pipeline.add(step.at);
        else if ((step.kind === 'source' || step.kind === 'destination') && step.taken) met[step.kind].add(step.at);
      }
    }
    const entered = new Set([...met.pipeline].map(keyOf));
    const taken = new Set(
      (['source', 'destination'] as const).flatMap((kind) => [...met[kind]].map((at) => `${kind} ${keyOf(at)}`)),
    );
    for (const pipeline of judged(routing, entered)) {
      yield* unreached('source', pipeline.sources, taken, files);
      for (const source of pipeline.sources.blocks) {
        if (taken.has(`source ${keyOf(source.at)}`)) yield* unreached('destination', source.destinations, taken, files);
      }
    }
  },
};

function* unreached<Block extends { readonly at: At }>(
  kind: 'source' | 'destination',
  choice: Choice<Block>,
  taken: ReadonlySet<string>,
  files: RuleContext['files'],
) {
  // A rule that an earlier block has as well is told by itself.
  const own = new Set([...choice.addresses.values(), ...choice.domains.values()].map(({ block }) => block));
  for (const { rules, block } of choice.ruled) {
    if (!own.has(block) || taken.has(`${kind} ${keyOf(block.at)}`)) continue;
    const words = rules.map(({ text }) => text).join(' ');
    yield diagnose(code, `no mail comes to the block for ${words}`, placeAt(files, block.at), {
      details: [
        'Mail of every kind was followed through the configuration: a table, a rewriting or a refusal before this block takes all that it names.',
        'What is written in it has no effect: move it to where the mail passes, or remove it.',
      ],
    });
  }
}

/** Pipelines that some mail comes to; a bounce has no sender, which is told elsewhere. */
function judged(routing: RoutingModel, entered: ReadonlySet<string>): readonly Pipeline[] {
  const bounces = new Set(routing.reach.bounces.map(({ pipeline }) => pipeline));
  const doors = new Set(routing.entrances.map(({ pipeline }) => pipeline));
  return routing.reach.pipelines.filter(
    (pipeline) => !bounces.has(pipeline) && (doors.has(pipeline) || entered.has(keyOf(pipeline.at))),
  );
}

function keyOf(at: At): string {
  return at.join(' ');
}
