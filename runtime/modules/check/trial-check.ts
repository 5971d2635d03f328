import { type TrialCheckConfig, trialCheck } from '../../../compiler/trial/stand-ins.ts';
import type { CheckVerdict, ModuleInstance } from '../../module.ts';
import { configOf } from '../../plan-config.ts';
import type { RuntimeModule } from '../../registry.ts';
import { applyAction } from './fail-action.ts';

/** Stands where a check of the configuration stood, and finds in every message what the trial was told to find. */
export const trialCheckModule: RuntimeModule = {
  name: trialCheck,
  create(plan): ModuleInstance {
    const { stage, fail_action: treatment } = configOf<TrialCheckConfig>(plan);
    const verdict = (): CheckVerdict => applyAction(treatment, treatment.reply, 'the trial was told so');
    return { check: { start: () => ({ [stage]: verdict }) } };
  },
};
