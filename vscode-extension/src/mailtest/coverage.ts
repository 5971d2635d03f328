import { FileCoverage, type FileCoverageDetail, StatementCoverage, TestCoverageCount, Uri } from 'vscode';
import type { RunMailTestAnswer } from '../../../lsp/protocol.ts';
import { positionOf } from '../places.ts';

/** Endpoints and rules of one file, each reached by a case or not. */
class RuleCoverage extends FileCoverage {
  readonly details: readonly FileCoverageDetail[];

  constructor(uri: Uri, count: TestCoverageCount, details: readonly FileCoverageDetail[]) {
    super(uri, count);
    this.details = details;
  }
}

export function coverageOf({ coverage }: RunMailTestAnswer): readonly FileCoverage[] {
  if (coverage === null) return [];
  const blocks = [
    ...coverage.hit.map((block) => ({ ...block, isHit: true })),
    ...coverage.missed.map((block) => ({ ...block, isHit: false })),
  ];
  return [...Map.groupBy(blocks, ({ uri }) => uri)].map(([uri, here]) => {
    const hits = here.filter(({ isHit }) => isHit).length;
    const details = here.map(({ isHit, position }) => new StatementCoverage(isHit, positionOf(position)));
    return new RuleCoverage(Uri.parse(uri), new TestCoverageCount(hits, here.length), details);
  });
}

export function detailsOf(coverage: FileCoverage): FileCoverageDetail[] {
  return coverage instanceof RuleCoverage ? [...coverage.details] : [];
}
