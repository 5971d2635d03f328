import { knows, lookUpModule } from '../catalog/catalog.ts';
import type { BodySpec, DirectiveSpec, ModuleSpec } from '../catalog/define.ts';
import { interfaces } from '../catalog/interfaces.ts';
import type { ExpandedArg, ExpandedDirective } from '../expand/expanded.ts';
import { ArgAt } from './arg-at.ts';
import { unknownName } from './codes/names.ts';
import { misplacedDirective } from './codes/structure.ts';
import { type Context, note } from './context.ts';
import { atLine, type Finding, finding } from './finding.ts';
import type { Owner } from './ir.ts';
import { lowerZones } from './nested.ts';
import { listOf, type Properties } from './properties.ts';
import { isPlainType, readValue } from './read-value.ts';
import {
  correction,
  foreignDirective,
  importNames,
  isPipelineWord,
  listed,
  oldNameOf,
  ownersOf,
  suggest,
} from './suggest.ts';
import { isPlaceholder, oldNameFinding, placeholderFinding } from './use-findings.ts';
import { lowerUse } from './uses.ts';
import { misreadFinding, wordsOf } from './words.ts';

/** A directive that is not in the table of its block: a module of a group, a zone, or a mistake. */
export function lowerUnknown(
  context: Context,
  spec: BodySpec,
  owner: Owner,
  directive: ExpandedDirective,
  properties: Properties,
  out: Finding[],
): void {
  const policy = spec.unknown;
  if (policy === 'ignored') return;
  if (typeof policy === 'string') {
    out.push(unknownDirective(context, spec, owner, directive, `unexpected directive: ${directive.name}`));
    return;
  }
  if ('values' in policy) {
    if (isPlainType(policy.values)) {
      const row = { type: policy.values, doc: '' };
      const reading = readValue(policy.values, wordsOf(directive), row);
      if (!reading.ok) {
        out.push(misreadFinding(directive, row, reading));
        return;
      }
    }
    out.push(unknownDirective(context, spec, owner, directive, policy.maddy.replace('{name}', directive.name)));
    return;
  }
  if ('modules' in policy) {
    note(context, directive, { owner });
    const args: readonly ExpandedArg[] = [new ArgAt(directive.name, directive), ...directive.args];
    const use = lowerUse(context, { expects: policy.modules, directive, args, block: directive.block }, out);
    listOf(properties, policy.into).add(use, directive);
    return;
  }
  listOf(properties, policy.into).add(lowerZones(context, directive, out), directive);
}

/** `text` is maddy's, without the place. */
export function unknownDirective(
  context: Context,
  spec: BodySpec,
  owner: Owner,
  directive: ExpandedDirective,
  text: string,
): Finding {
  const maddy = atLine(directive, text);
  const word = { value: directive.name, origin: directive.origin };
  if (isPlaceholder(directive.name)) return placeholderFinding(word, maddy);
  const old = oldNameOf(directive.name, 'directive');
  if (old !== undefined && (old.use === null || Object.hasOwn(spec.directives, old.use.split(' ')[0] ?? ''))) {
    return oldNameFinding(word, old.use, old.hint, maddy);
  }
  const where = ownerWords(owner);
  if (isPipelineWord(directive.name) && spec.unknown !== 'pipeline') {
    return finding(
      misplacedDirective,
      directive.origin,
      {
        message: `"${directive.name}" cannot stand in ${where}`,
        details: ['It belongs to the pipeline of an endpoint (smtp, submission, lmtp) or of a msgpipeline block.'],
      },
      maddy,
    );
  }
  const message = `unknown directive "${directive.name}" in ${where}`;
  // The tables have the directives of all dialects.
  if (Object.hasOwn(spec.directives, directive.name)) {
    const details = [foreignDirective(directive.name, context.dialect)];
    return finding(unknownName, directive.origin, { message, details }, maddy);
  }
  const names = Object.entries<DirectiveSpec>(spec.directives)
    .filter(([, row]) => knows(row, context.dialect))
    .map(([name]) => name);
  const best = suggest(context, directive.name, () => [...names, ...importNames(context.dialect)]);
  return finding(
    unknownName,
    directive.origin,
    {
      message,
      ...correction(directive.origin, directive.name, best),
      details: unknownDetails(context, directive.name, names, best),
    },
    maddy,
  );
}

function unknownDetails(
  context: Context,
  name: string,
  names: readonly string[],
  best: string | null,
): readonly string[] {
  if (best !== null) return [`maddy refuses to start with "${name}".`];
  const details: string[] = [];
  const owners = ownersOf(context, name);
  if (owners.length > 0)
    details.push(
      `It is a directive of ${listed(
        owners.map((each) => each.name),
        4,
      )}.`,
    );
  const check = lookUpModule(name, interfaces.check.namespace, context.dialect);
  if (owners.length === 0 && check?.implements.includes('check') === true)
    details.push('It is a check: put it into check { … }.');
  details.push(names.length === 0 ? 'No directive is known here.' : `Known here: ${listed(names, 12)}.`);
  return details;
}

export function ownerWords(owner: Owner): string {
  switch (owner.kind) {
    case 'module':
      return moduleWords(owner.entry);
    case 'block':
      return 'this block';
    case 'globals':
      return 'the top level';
    case 'pipeline':
      return 'a pipeline';
  }
}

function moduleWords(entry: ModuleSpec): string {
  return entry.kind === 'endpoint' ? `the ${entry.name} endpoint` : entry.name;
}
