import { describe } from 'vitest';
import { buildGraph } from '../../../compiler/graph/build-graph.ts';
import { graphToMermaid } from '../../../compiler/graph/graph-text.ts';
import { createMemoryHost } from '../../../compiler/source/memory-host.ts';
import { planOf } from '../../kit/compile.ts';
import { goldenTests } from '../../kit/golden.ts';

describe('the ways of mail in Mermaid', () => {
  goldenTests('graph', (input) =>
    graphToMermaid(
      buildGraph(planOf('maddy.conf', createMemoryHost({ files: new Map([['maddy.conf', input]]) }))),
      null,
    ),
  );
});
