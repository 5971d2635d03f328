import { FileCoverage, type FileCoverageDetail, StatementCoverage, TestCoverageCount, Uri } from 'vscode';
import type { RunMailTestAnswer } from '../../../lsp/protocol.ts';
import { positionOf } from '../places.ts';

/** Rules that no case reached, by file; the main file also stands for those that were reached. */
class RuleCoverage extends FileCoverage {
  readonly details: readonly FileCoverageDetail[];

  constructor(uri: Uri, count: TestCoverageCount, details: readonly FileCoverageDetail[]) {
    super(uri, count);
    this.details = details;
  }
}

export function coverageOf({ configuration, coverage }: RunMailTestAnswer): readonly FileCoverage[] {
  if (configuration === null || coverage === null) return [];
  const missed = Map.groupBy(coverage.missed, ({ uri }) => uri);
  const files = new Set([configuration, ...missed.keys()]);
  return [...files].map((uri) => {
    const here = missed.get(uri) ?? [];
    const reached = uri === configuration ? coverage.reached : 0;
    const details = here.map(({ position }) => new StatementCoverage(false, positionOf(position)));
    return new RuleCoverage(Uri.parse(uri), new TestCoverageCount(reached, reached + here.length), details);
  });
}

export function detailsOf(coverage: FileCoverage): FileCoverageDetail[] {
  return coverage instanceof RuleCoverage ? [...coverage.details] : [];
}
