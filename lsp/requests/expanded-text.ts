import type { ExpandedDirective } from '../../compiler/expand/expanded.ts';
import { writeConfiguration } from '../../compiler/expand/write.ts';
import { type DocumentParams, type ExpandedTextAnswer, expandedTextMethod } from '../protocol.ts';
import type { Session } from '../session.ts';
import { aboutConfiguration, answered, errorCount, obstaclesOf, onAsk, refusal } from './answer.ts';

export function registerExpandedText(session: Session): void {
  onAsk(
    session,
    expandedTextMethod,
    ({ uri }: DocumentParams): Promise<ExpandedTextAnswer> =>
      aboutConfiguration(session, uri, (configuration): ExpandedTextAnswer => {
        const { analysis, compiled } = configuration;
        const { directives, refusal: refused, diagnostics } = compiled.expansion;
        if (refused !== null) {
          const errors = diagnostics.filter(({ severity }) => severity === 'error');
          return refusal(errorCount(errors.length), obstaclesOf(session, errors, analysis));
        }
        const { text } = writeConfiguration(directives);
        const origins = originLines(directives).map((directive) =>
          directive === null
            ? null
            : {
                uri: analysis.uriOf(directive.origin.file),
                range: session.positions.rangeOf(directive.origin.file, directive.origin.range),
              },
        );
        return { ...answered(configuration), text, origins };
      }),
  );
}

/** What each line of the written configuration begins: a directive, or nothing where a block ends. */
function originLines(directives: readonly ExpandedDirective[]): readonly (ExpandedDirective | null)[] {
  return directives.flatMap((directive) => {
    // A value may have line breaks, which stay in it.
    const more = directive.args.flatMap(({ value }) => value.match(/\n/g) ?? []).map(() => null);
    const inner =
      directive.block === null || directive.block.length === 0 ? [] : [...originLines(directive.block), null];
    return [directive, ...more, ...inner];
  });
}
