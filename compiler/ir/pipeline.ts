import type { Context, PipelineInput } from './context.ts';
import type { Finding } from './finding.ts';
import type { Pipeline, Source } from './ir.ts';
import { type LevelKind, readLevel } from './pipeline-level.ts';
import { lowerSource } from './pipeline-source.ts';

const root: LevelKind<Source> = {
  level: 'root',
  rule: 'source',
  tableRule: 'source_in',
  defaultRule: 'default_source',
  meaning: { owner: { kind: 'pipeline', context: 'root' } },
  handlers: new Set(['deliver_to', 'reroute', 'reject', 'destination_in', 'destination', 'default_destination']),
  lowerBody: lowerSource,
};

/** The body of a pipeline: of an endpoint, `msgpipeline`, `reroute` or `bounce`. */
export function lowerPipeline(context: Context, input: PipelineInput, out: Finding[]): Pipeline {
  const level = readLevel(context, root, { ...input, isKnownEmpty: false, implicit: false }, out);
  return {
    header: input.header,
    checks: level.checks,
    modifiers: level.modifiers,
    dmarc: level.dmarc,
    sourceTables: level.tables,
    sources: level.rules,
    defaultSource: level.fallback,
  };
}
