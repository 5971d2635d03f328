import type { Origin, Via } from '../source/origin.ts';
import type { SourceFile } from '../source/source-file.ts';
import type { ExpandedDirective } from './expanded.ts';

/** What stands in the files and snippets of an import circle once: the rounds that follow say it all again. */
export function firstRoundOnly(directives: readonly ExpandedDirective[]): readonly ExpandedDirective[] {
  return directives.flatMap((directive): readonly ExpandedDirective[] => {
    if (isRepeated(directive.origin)) return [];
    if (directive.block === null) return [directive];
    const block = firstRoundOnly(directive.block);
    const { name, args, vanished, origin, line, range } = directive;
    return [{ name, args, block, ...(vanished === undefined ? {} : { vanished }), origin, line, range }];
  });
}

/** The way there comes back to a file or a snippet that it started from. */
function isRepeated({ file, via }: Origin): boolean {
  const steps: (Via & { readonly entered: SourceFile })[] = [];
  let entered = file;
  for (let step = via; step !== null; step = step.next) {
    steps.push({ ...step, entered });
    entered = step.file;
  }
  return steps.some(({ kind, name, entered: inner }, index) => {
    if (kind === 'import') return steps.some((outer, at) => at >= index && outer.file === inner);
    return (
      kind === 'snippet' &&
      steps.some((outer, at) => at > index && outer.kind === kind && outer.name === name && outer.entered === inner)
    );
  });
}

export function isSamePlace(a: Pick<Via, 'file' | 'range'>, b: Pick<Via, 'file' | 'range'>): boolean {
  return a.file === b.file && a.range.start === b.range.start;
}
