import type { ConfigOf } from '../../../compiler/catalog/config-of.ts';
import type { targetSmtp } from '../../../compiler/catalog/modules/target.smtp.ts';
import type { ModuleDefinition } from '../../module.ts';
import { createDownstream } from './downstream.ts';

export const smtpTarget: ModuleDefinition<ConfigOf<typeof targetSmtp>> = {
  name: 'target.smtp',
  create: (config, context) => createDownstream('smtp', config, context),
};
