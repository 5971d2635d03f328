import type { Origin, Via } from '../source/origin.ts';
import type { SourceFile } from '../source/source-file.ts';
import type { ExpandedDirective } from './expanded.ts';

/** What stands in the files and snippets of an import circle once: the rounds that follow say it all again. */
export function firstRoundOnly(directives: readonly ExpandedDirective[]): readonly ExpandedDirective[] {
  const repeated = new Map<Via, boolean>();
  const keep = (some: readonly ExpandedDirective[]): readonly ExpandedDirective[] =>
    some.flatMap((directive): readonly ExpandedDirective[] => {
      const { via } = directive.origin;
      if (via !== null) {
        // All that one import brings has come the same way.
        const isKnown = repeated.get(via) ?? isRepeated(directive.origin);
        repeated.set(via, isKnown);
        if (isKnown) return [];
      }
      if (directive.block === null) return [directive];
      const block = keep(directive.block);
      const { name, args, vanished, origin, line, range } = directive;
      return [{ name, args, block, ...(vanished === undefined ? {} : { vanished }), origin, line, range }];
    });
  return keep(directives);
}

/** The way there comes back to a file or a snippet that it started from. */
function isRepeated({ file, via }: Origin): boolean {
  const steps: (Via & { readonly entered: SourceFile })[] = [];
  let entered = file;
  for (let step = via; step !== null; step = step.next) {
    steps.push({ ...step, entered });
    entered = step.file;
  }
  const left = new Set<SourceFile>();
  const snippets = new Map<SourceFile, Set<string>>();
  // From the outermost step inwards.
  return steps.reverse().some(({ kind, name, file: from, entered: into }) => {
    left.add(from);
    if (kind === 'import') return left.has(into);
    if (kind !== 'snippet') return false;
    const names = snippets.get(into) ?? new Set();
    const isAgain = names.has(name);
    snippets.set(into, names.add(name));
    return isAgain;
  });
}

export function isSamePlace(a: Pick<Via, 'file' | 'range'>, b: Pick<Via, 'file' | 'range'>): boolean {
  return a.file === b.file && a.range.start === b.range.start;
}
