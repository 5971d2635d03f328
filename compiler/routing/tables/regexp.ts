import { RE2JS, RE2JSException } from 're2js';
import type { ConfigOf } from '../../catalog/config-of.ts';
import type { tableRegexp } from '../../catalog/modules/table.regexp.ts';
import { anchored } from '../../text/re2-anchors.ts';
import { type Lookup, noValues } from './lookup.ts';
import { type Groups, parseTemplate } from './template.ts';

export type RegexpTableConfig = ConfigOf<typeof tableRegexp>;

/**
 * `table.regexp` in linear time, whatever the pattern (RE2). Without a replacement it has no values and so never
 * matches (runtime-core 13). Null when the expression is not valid.
 */
export function regexpLookup(config: RegexpTableConfig): Lookup | null {
  const expression = compile(anchored(config));
  if (expression === null) return null;
  const names = expression.namedGroups();
  const replacements = config.replacements.map((text) =>
    config.expand_replaceholders ? parseTemplate(text) : () => text,
  );
  return (key) => {
    // Most keys do not match, and to say only that takes a fifth of the time that a search with groups takes.
    if (!expression.test(key)) return noValues;
    const matcher = expression.matcher(key);
    if (!matcher.find()) return noValues;
    const groups: Groups = {
      count: matcher.groupCount(),
      group: (at) => (typeof at === 'number' || at in names ? matcher.group(at) : null),
    };
    return replacements.map((replace) => replace(groups));
  };
}

function compile(expression: string): RE2JS | null {
  try {
    return RE2JS.compile(expression);
  } catch (error) {
    if (error instanceof RE2JSException) return null;
    throw error;
  }
}
