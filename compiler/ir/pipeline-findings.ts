import { lookUpModule } from '../catalog/catalog.ts';
import { interfaces } from '../catalog/interfaces.ts';
import { findPipelineDirective, type PipelineContext, pipelineDirectives } from '../catalog/pipeline.ts';
import type { ExpandedDirective } from '../expand/expanded.ts';
import { unknownName } from './codes/names.ts';
import {
  duplicateDefault,
  emptyPipeline,
  misplacedDirective,
  missingDefault,
  rulesAndHandlers,
} from './codes/structure.ts';
import type { Context } from './context.ts';
import { atLine, type Finding, finding } from './finding.ts';
import { correction, foreignDirective, importNames, listed, ownersOf, suggest } from './suggest.ts';
import { isPlaceholder, placeholderFinding } from './use-findings.ts';

/** What is said about the shape of pipelines, with maddy's words (pipeline.yaml, constraints). */

const levelWords: { readonly [C in PipelineContext]: string } = {
  root: 'a pipeline',
  source: 'a source block',
  destination: 'a destination block',
};

export function unknownInPipeline(
  context: Context,
  directive: ExpandedDirective,
  level: PipelineContext,
  siblings: readonly string[] = [],
  where: string = levelWords[level],
): Finding {
  const text = level === 'destination' ? 'invalid directive' : `unknown pipeline directive: ${directive.name}`;
  const maddy = atLine(directive, text);
  const known = findPipelineDirective(directive.name);
  if (isPlaceholder(directive.name))
    return placeholderFinding({ value: directive.name, origin: directive.origin }, maddy);
  if (known !== undefined) return misplaced(directive, level, known.contexts, maddy);
  const names = Object.entries(pipelineDirectives)
    .filter(([, row]) => row.contexts.some((each) => each === level))
    .map(([name]) => name);
  const owners =
    level === 'root' ? ownersOf(context, directive.name).filter((each) => each.unknown === 'pipeline') : [];
  const message = `unknown directive "${directive.name}" in ${where}`;
  if (siblings.includes(directive.name)) {
    const foreign = [foreignDirective(directive.name, context.dialect)];
    return finding(unknownName, directive.origin, { message, details: foreign }, maddy);
  }
  const best = suggest(context, directive.name, () => [...names, ...siblings, ...importNames(context.dialect)]);
  const details: string[] = [];
  const check = lookUpModule(directive.name, interfaces.check.namespace, context.dialect);
  if (check?.implements.includes('check') === true) details.push('It is a check: put it into check { … }.');
  const modifier = lookUpModule(directive.name, interfaces.modifier.namespace, context.dialect);
  if (modifier?.implements.includes('modifier') === true) details.push('It is a modifier: put it into modify { … }.');
  if (owners.length > 0)
    details.push(`It is a directive of ${listed(owners.map((each) => each.name))}, not of this block.`);
  if (best === null) details.push(`Known in ${levelWords[level]}: ${listed(names, 12)}.`);
  else details.push(`maddy refuses to start with "${directive.name}".`);
  return finding(
    unknownName,
    directive.origin,
    {
      message,
      ...correction(directive.origin, directive.name, best),
      details,
    },
    maddy,
  );
}

function misplaced(
  directive: ExpandedDirective,
  level: PipelineContext,
  contexts: readonly PipelineContext[],
  maddy: string,
): Finding {
  return finding(
    misplacedDirective,
    directive.origin,
    {
      message: `"${directive.name}" cannot stand in ${levelWords[level]}`,
      details: [
        `It belongs into ${contexts.map((each) => levelWords[each]).join(' or ')}.`,
        'Levels go from the outside in: pipeline, source, destination; any of them may be left out.',
      ],
    },
    maddy,
  );
}

export function emptyFinding(header: ExpandedDirective, level: 'root' | 'source'): Finding {
  const text =
    level === 'root'
      ? "empty pipeline configuration, use 'reject' to reject messages"
      : "empty source block, use 'reject' to reject messages";
  return finding(
    emptyPipeline,
    header.origin,
    {
      message: `${header.name} does not say what happens to mail`,
      details: ['Deliver it (deliver_to …), or refuse it (reject). maddy refuses to start without either.'],
    },
    text,
  );
}

export function emptyReroute(header: ExpandedDirective): Finding {
  return finding(
    emptyPipeline,
    header.origin,
    {
      message: 'reroute does not say what happens to mail',
      details: ['Its block is a pipeline of its own: reroute { deliver_to … }'],
    },
    atLine(header, 'missing or empty reroute pipeline configuration'),
  );
}

export function mixedFinding(first: ExpandedDirective, kind: 'source' | 'destination', rules: boolean): Finding {
  const text =
    kind === 'source'
      ? "can't put handling directives together with source rules, did you mean to put it into 'default_source' block or into all source blocks?"
      : "can't put handling directives together with destination rules, did you mean to put it into 'default' block or into all recipient blocks?";
  return finding(
    rulesAndHandlers,
    first.origin,
    {
      message: `${first.name} stands beside ${rules ? kind : `default_${kind}`} rules`,
      label: `belongs into default_${kind} { … }`,
      details: [
        `Where ${kind} rules decide, everything else belongs into one of them: put this into default_${kind} { … }, or into each rule that it is meant for.`,
      ],
    },
    atLine(first, text),
  );
}

export function missingDefaultFinding(
  first: ExpandedDirective,
  fallback: ExpandedDirective | null,
  kind: 'source' | 'destination',
): Finding {
  const other = kind === 'source' ? 'senders' : 'recipients';
  return finding(
    missingDefault,
    fallback?.origin ?? first.origin,
    {
      message:
        fallback === null
          ? `${kind} rules without default_${kind}`
          : `default_${kind} does not say what happens to mail`,
      label: `nothing is said about other ${other}`,
      details: [
        `maddy refuses to start until it is said what happens to all other ${other}.`,
        kind === 'source'
          ? 'To refuse them: default_source { reject }'
          : 'To refuse them: default_destination { reject 550 5.1.1 "User doesn\'t exist" }',
      ],
    },
    atLine(first, `missing or empty default ${kind} block, use default_${kind} { reject } to reject messages`),
  );
}

export function duplicateDefaultFinding(directive: ExpandedDirective, earlier: ExpandedDirective): Finding {
  return finding(
    duplicateDefault,
    directive.origin,
    {
      message: `a second ${directive.name}`,
      details: ['Only one can be the default: merge the two.'],
      related: [{ file: earlier.origin.file, range: earlier.origin.range, message: 'the first one stands here' }],
    },
    atLine(directive, `duplicate '${directive.name}' block`),
  );
}
