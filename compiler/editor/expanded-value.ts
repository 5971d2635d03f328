import { startOf, tokenValue } from '../../grammar/tokens.ts';
import type { DirectiveNode } from '../../grammar/tree.ts';
import type { Expansion } from '../expand/expand.ts';
import type { ExpandedDirective } from '../expand/expanded.ts';
import { writtenDirective } from '../expand/write.ts';
import type { Origin, Via } from '../source/origin.ts';
import { positionAt, type SourceFile } from '../source/source-file.ts';

/** Expanded directives by the text and the offset that they come from; a snippet's come several times. */
export type ExpansionIndex = ReadonlyMap<SourceFile, ReadonlyMap<number, readonly ExpandedDirective[]>>;

export function indexExpansion({ directives }: Pick<Expansion, 'directives'>): ExpansionIndex {
  const index = new Map<SourceFile, Map<number, ExpandedDirective[]>>();
  const visit = (directive: ExpandedDirective): void => {
    const { file, range } = directive.origin;
    const own = index.get(file) ?? new Map<number, ExpandedDirective[]>();
    index.set(file, own);
    const known = own.get(range.start);
    if (known === undefined) own.set(range.start, [directive]);
    else known.push(directive);
    directive.block?.forEach(visit);
  };
  directives.forEach(visit);
  return index;
}

const mostShown = 3;

/** What a directive is when macros, imports and variables are put in, and where that comes from; null when it is as written. */
export function describeExpanded(index: ExpansionIndex, file: SourceFile, node: DirectiveNode): string | null {
  const uses = index.get(file)?.get(startOf(node.name)) ?? [];
  const [first] = uses;
  if (first === undefined) return null;
  const written = node.args.map(tokenValue).join('\0');
  const shown = new Map(uses.map((use) => [use.args.map(({ value }) => value).join('\0'), use]));
  if (uses.length === 1 && shown.has(written) && first.origin.via === null) return null;
  const lines: string[] = [];
  for (const use of [...shown.values()].slice(0, mostShown)) {
    if (use.args.map(({ value }) => value).join('\0') !== written) {
      lines.push(`Expanded:\n\`\`\`maddy\n${writtenDirective(use)}\n\`\`\``);
    }
    lines.push(...new Set(use.args.flatMap((arg) => provenance(arg.value, arg.origin))));
  }
  const places = uses.flatMap(({ origin }) => (origin.via === null ? [] : [placeOf(origin.via)]));
  if (places.length > 0) {
    const more = places.length > mostShown ? ` and ${places.length - mostShown} more places` : '';
    lines.push(`Used by ${places.slice(0, mostShown).join(', ')}${more}.`);
  }
  return lines.length === 0 ? null : lines.join('\n\n');
}

/** `x` is written at a.conf:1, by `$(a)` at a.conf:3. */
function provenance(value: string, { file, range, via }: Origin): readonly string[] {
  const steps: string[] = [];
  for (let step = via; step !== null; step = step.next) {
    if (step.kind === 'macro' || step.kind === 'environment' || step.kind === 'unset-environment')
      steps.push(placeOf(step));
  }
  if (steps.length === 0) return [];
  return [`\`${value === '' ? '""' : value}\`: written at ${at(file, range.start)}, by ${steps.join(', ')}`];
}

function placeOf(via: Via): string {
  return `${nameOf(via)} at ${at(via.file, via.range.start)}`;
}

function nameOf({ kind, name }: Via): string {
  switch (kind) {
    case 'macro':
      return `\`$(${name})\``;
    case 'environment':
      return `\`{env:${name}}\``;
    case 'unset-environment':
      return `\`{env:${name}}\`, which is not set,`;
    case 'snippet':
    case 'import':
      return `\`import ${name}\``;
  }
}

function at(file: SourceFile, offset: number): string {
  return `${file.path.slice(file.path.lastIndexOf('/') + 1)}:${positionAt(file, offset).line}`;
}
