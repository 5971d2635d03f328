import type { Outputs } from '../generate.ts';
import { commandPages } from './command-pages.ts';
import { mailTestSchemaFile } from './mailtest-schema.ts';
import { manPage } from './man-page.ts';
import { planSchemaFile } from './plan-schema.ts';
import { referencePages } from './reference-pages.ts';
import { reportSchemaFile } from './report-schema.ts';
import { rulePages } from './rule-pages.ts';
import { settingsSchemaFile } from './settings-schema.ts';
import { textmateFile } from './textmate.ts';

/** Pages, schemas and grammars that lie in the repository and are held to be fresh. */
export async function committedFiles(): Promise<Outputs> {
  return new Map([
    ...planSchemaFile(),
    ...reportSchemaFile(),
    ...mailTestSchemaFile(),
    ...referencePages(),
    ...rulePages(),
    ...settingsSchemaFile(),
    ...textmateFile(),
    ...(await commandPages()),
    ...(await manPage()),
  ]);
}
