import { catalog } from './catalog.ts';
import { endpoints } from './endpoints.ts';
import type { ConformanceKind } from './kind.ts';
import { language, languageMadmail } from './language.ts';
import { routes } from './routes.ts';
import { transcripts } from './transcripts.ts';
import { values } from './values.ts';

/** All kinds of recorded cases that can be checked; a new kind is added here and nowhere else. */
export const conformanceKinds: readonly ConformanceKind[] = [
  routes,
  catalog,
  language,
  languageMadmail,
  values,
  endpoints,
  transcripts,
];

export function kindOf(fileName: string, cases: readonly unknown[]): ConformanceKind | undefined {
  return conformanceKinds.find((kind) => kind.recognises(fileName, cases));
}
