import { RE2JS, RE2JSException } from 're2js';
import type { ConfigOf } from '../../catalog/config-of.ts';
import type { tableRegexp } from '../../catalog/modules/table.regexp.ts';
import { anchored } from '../../text/re2-anchors.ts';
import { type NamedGroup, namedGroups } from '../../text/re2-syntax.ts';
import { type Lookup, noValues } from './lookup.ts';
import { type Groups, parseTemplate } from './template.ts';

export type RegexpTableConfig = ConfigOf<typeof tableRegexp>;

/**
 * `table.regexp` in linear time, whatever the pattern (RE2). Without a replacement it has no values and so never
 * matches (runtime-core 13). Null when the expression is not valid.
 */
export function regexpLookup(config: RegexpTableConfig): Lookup | null {
  const source = anchored(config);
  const named = namedGroups(source);
  const expression = compile(withoutNames(source, named));
  if (expression === null) return null;
  const numbers = new Map<string, number[]>();
  for (const { name, number } of named) numbers.set(name, [...(numbers.get(name) ?? []), number]);
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
      group: (at) => {
        if (typeof at === 'number') return matcher.group(at);
        // Several groups may have one name: Go takes the first that has matched.
        for (const number of numbers.get(at) ?? []) {
          const text = matcher.group(number);
          if (text !== null) return text;
        }
        return null;
      },
    };
    return replacements.map((replace) => replace(groups));
  };
}

/** RE2JS refuses several groups of one name, which Go does not. */
function withoutNames(expression: string, named: readonly NamedGroup[]): string {
  let unnamed = '';
  let at = 0;
  for (const { start, end } of named) {
    unnamed += `${expression.slice(at, start)}(`;
    at = end;
  }
  return unnamed + expression.slice(at);
}

function compile(expression: string): RE2JS | null {
  try {
    return RE2JS.compile(expression);
  } catch (error) {
    if (error instanceof RE2JSException) return null;
    throw error;
  }
}
