import { type AnalyseOptions, type Analysis, analyse } from '../../compiler/index.ts';
import { createMemoryHost } from '../../compiler/source/memory-host.ts';

export interface Around {
  readonly files?: Readonly<Record<string, string>> | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
}

/** `text` as `maddy.conf`, with other files and variables around it. */
export function analyseText(
  text: string,
  options: AnalyseOptions = {},
  { files = {}, env = {} }: Around = {},
): Analysis {
  const all = new Map([...Object.entries(files), ['maddy.conf', text]]);
  return analyse('maddy.conf', createMemoryHost({ files: all, env: new Map(Object.entries(env)) }), options);
}

/** `M2101 3:5-3:9 message`, a line each. */
export function findingLines(analysis: Pick<Analysis, 'diagnostics'>): readonly string[] {
  return analysis.diagnostics.map(({ code, place, message }) => {
    if (place === null) return `${code.code} - ${message}`;
    const at = (offset: number): string => {
      const before = place.file.text.slice(0, offset).split('\n');
      return `${before.length}:${(before.at(-1) ?? '').length + 1}`;
    };
    return `${code.code} ${at(place.range.start)}-${at(place.range.end)} ${message}`;
  });
}
