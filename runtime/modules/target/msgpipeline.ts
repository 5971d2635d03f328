import type { ModuleDefinition } from '../../module.ts';

/** `msgpipeline`: behind `deliver_to` the router goes through it by itself; modules that deliver get it as a target. */
export const msgpipeline: ModuleDefinition<unknown> = {
  name: 'msgpipeline',
  create(_, { plan, pipelineTarget }) {
    return plan.pipeline === undefined ? {} : { target: pipelineTarget(plan.pipeline) };
  },
};
