import { mailTestSchema } from '../../compiler/mailtest/schema.ts';
import type { Outputs } from '../generate.ts';

/** Schema of `*.mailtest.yaml`, for editors that complete and check YAML. */
export function mailTestSchemaFile(): Outputs {
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Tests of a mail configuration (maddyc test)',
    ...mailTestSchema,
  };
  const text = `${JSON.stringify(schema, null, 1)}\n`;
  return new Map([
    ['docs/reference/mailtest.schema.json', text],
    ['vscode-extension/schemas/mailtest.schema.json', text],
  ]);
}
