import { allCodes } from '../../compiler/diagnostics/codes.ts';
import { type SettingForm, type SettingSpec, settingSpecs, severityWords } from '../../compiler/settings/schema.ts';
import type { Outputs } from '../generate.ts';

/** Schema of `maddyc.json`, for editors. */
export function settingsSchemaFile(): Outputs {
  const specs: readonly (readonly [string, SettingSpec])[] = Object.entries(settingSpecs);
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Settings of maddyc (maddyc.json)',
    type: 'object',
    additionalProperties: false,
    allowComments: true,
    allowTrailingCommas: true,
    properties: Object.fromEntries(
      specs.map(([name, { doc, form, example }]) => [
        name,
        { description: doc, ...schemaOf(form), ...(name === '$schema' ? {} : { examples: [example] }) },
      ]),
    ),
  };
  const text = `${JSON.stringify(schema, null, 1)}\n`;
  return new Map([
    ['docs/reference/maddyc.schema.json', text],
    ['vscode-extension/schemas/maddyc.schema.json', text],
  ]);
}

function schemaOf(form: SettingForm): object {
  switch (form.kind) {
    case 'text':
      return { type: 'string', ...(form.pattern === undefined ? {} : { pattern: form.pattern }) };
    case 'choice':
      return { enum: form.values };
    case 'texts':
      return { type: 'array', items: { type: 'string' } };
    case 'severities':
      return {
        type: 'object',
        additionalProperties: false,
        properties: Object.fromEntries(
          allCodes().flatMap(({ code, name, summary }) => {
            const rule = { description: summary, enum: severityWords };
            return [
              [code, rule],
              [name, rule],
            ];
          }),
        ),
      };
  }
}
