import { LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import type { Analysis as Compiled } from '../../compiler/analyse.ts';
import type { Diagnostic } from '../../compiler/diagnostics/diagnostic.ts';
import type { Plan } from '../../compiler/plan/plan.ts';
import type { Answered, Obstacle, Refusal } from '../protocol.ts';
import type { Session } from '../session.ts';
import type { Analysis } from '../workspace/analysis-cache.ts';
import { normalUri } from '../workspace/locations.ts';

/** Answers a custom request; a fault of ours is an error for the one who asks, and a line in the log. */
export function onAsk<Params, Answer>(
  { connection, faults, answers }: Session,
  method: string,
  answer: (params: Params) => Promise<Answer>,
): void {
  const safely = (params: Params): Promise<unknown> =>
    answer(params).catch((error: unknown): never => {
      faults.log(method, error);
      throw new ResponseError(LSPErrorCodes.RequestFailed, `${method} failed; the log says more`);
    });
  connection.onRequest(method, safely);
  answers.set(method, safely);
}

/** What comes back at once: while a promise was waited for, the texts could change. */
export interface AtOnce {
  readonly ok: boolean;
}

/** A configuration that a request is about. */
export interface Configuration {
  readonly analysis: Analysis;
  /** With the server's variables put in where they are known. */
  readonly compiled: Compiled;
}

/**
 * The answer about the main file of a document; a refusal when the compiler has nothing to say. It is made at once, from the texts as
 * the analysis has read them: what it needs besides is loaded before.
 */
export async function aboutConfiguration<Answer extends AtOnce>(
  session: Session,
  uri: string,
  answer: (configuration: Configuration) => Answer,
): Promise<Answer | Refusal> {
  const analysis = await session.workspace.settled(session.workspace.mainOf(normalUri(uri)));
  const compiled = analysis.resolved();
  if (compiled === null || compiled.files.length === 0) return refusal('the file cannot be read', []);
  return answer({ analysis, compiled });
}

export interface Planned extends Configuration {
  readonly plan: Plan;
}

/** As above, for what needs a plan; its errors are the refusal. */
export function aboutPlan<Answer extends AtOnce>(
  session: Session,
  uri: string,
  answer: (planned: Planned) => Answer,
): Promise<Answer | Refusal> {
  return aboutConfiguration(session, uri, (configuration) => {
    const { plan, diagnostics } = configuration.compiled.plan(`maddyc ${session.version}`);
    if (plan !== null) return answer({ ...configuration, plan });
    return refusal(errorCount(diagnostics.length), obstaclesOf(session, diagnostics, configuration.analysis));
  });
}

export function errorCount(count: number): string {
  return `the configuration has ${count === 1 ? 'an error' : `${count} errors`}, which must be repaired first`;
}

export function refusal(message: string, errors: readonly Obstacle[]): Refusal {
  return { ok: false, message, errors };
}

export function obstaclesOf(
  { positions }: Session,
  diagnostics: readonly Pick<Diagnostic, 'message' | 'place'>[],
  analysis: Analysis,
): readonly Obstacle[] {
  return diagnostics.map(({ message, place }) => ({
    message,
    uri: place === null ? null : analysis.uriOf(place.file),
    range: place === null ? null : positions.rangeOf(place.file, place.range),
  }));
}

export function answered({ analysis, compiled }: Configuration): Answered {
  const uris = Object.fromEntries(compiled.files.map((file) => [file.path, analysis.uriOf(file)]));
  return { ok: true, main: analysis.main, uris };
}
