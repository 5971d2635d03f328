import type { Diagnostic } from '../../compiler/diagnostics/diagnostic.ts';
import { expand } from '../../compiler/expand/expand.ts';
import type { Host } from '../../compiler/host.ts';
import type { SourceFile } from '../../compiler/source/source-file.ts';

export interface Result {
  readonly files: readonly SourceFile[];
  readonly missing: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

export function analyse(main: string, host: Host): Result {
  const { sources, missing, diagnostics } = expand(main, host);
  return { files: sources.map(({ file }) => file), missing, diagnostics };
}
