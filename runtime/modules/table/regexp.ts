import type { ConfigOf } from '../../../compiler/catalog/config-of.ts';
import type { tableRegexp } from '../../../compiler/catalog/modules/table.regexp.ts';
import { regexpLookup } from '../../../compiler/routing/tables/regexp.ts';
import { anchored } from '../../../compiler/text/re2-anchors.ts';
import type { ModuleDefinition } from '../../module.ts';

export const regexp: ModuleDefinition<ConfigOf<typeof tableRegexp>> = {
  name: 'table.regexp',
  create(config) {
    const lookup = regexpLookup(config);
    if (lookup === null) throw new Error(`error parsing regexp: \`${anchored(config)}\``);
    return { table: { lookup } };
  },
};
