import type { ConfigOf } from '../../../compiler/catalog/config-of.ts';
import type { tableRegexp } from '../../../compiler/catalog/modules/table.regexp.ts';
import { effectiveExpression, regexpLookup } from '../../../compiler/routing/tables/regexp.ts';
import type { ModuleDefinition } from '../../module.ts';

export const regexp: ModuleDefinition<ConfigOf<typeof tableRegexp>> = {
  name: 'table.regexp',
  create(config) {
    const lookup = regexpLookup(config);
    if (lookup === null) throw new Error(`error parsing regexp: \`${effectiveExpression(config)}\``);
    return { table: { lookup } };
  },
};
