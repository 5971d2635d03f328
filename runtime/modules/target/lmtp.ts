import type { ConfigOf } from '../../../compiler/catalog/config-of.ts';
import type { targetLmtp } from '../../../compiler/catalog/modules/target.lmtp.ts';
import type { ModuleDefinition } from '../../module.ts';
import { createDownstream } from './downstream.ts';

export const lmtpTarget: ModuleDefinition<ConfigOf<typeof targetLmtp>> = {
  name: 'target.lmtp',
  create: (config, context) => createDownstream('lmtp', config, context),
};
