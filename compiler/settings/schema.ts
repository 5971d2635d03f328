/** The properties of `maddyc.json`: reading, the JSON Schema and the page are made from this table. */
export interface SettingSpec {
  readonly doc: string;
  readonly form: SettingForm;
  readonly example: unknown;
}

export type SettingForm =
  | { readonly kind: 'text'; readonly pattern?: string; readonly takes: string }
  | { readonly kind: 'choice'; readonly values: readonly string[] }
  | { readonly kind: 'texts'; readonly takes: string }
  | { readonly kind: 'severities' };

export const severityWords = ['off', 'hint', 'info', 'warning', 'error'] as const;

export const settingSpecs = {
  $schema: {
    doc: 'Address of the JSON Schema, for editors.',
    form: { kind: 'text', takes: 'an address' },
    example: './node_modules/maddyc/docs/reference/maddyc.schema.json',
  },
  rules: {
    doc: 'Severity of findings by code or name; "off" silences one. What keeps a configuration from being loaded stays an error.',
    form: { kind: 'severities' },
    example: { M2107: 'off', 'debug-leaks': 'error' },
  },
  dialect: {
    doc: 'Whose configurations these are. Otherwise it is told from each file.',
    form: { kind: 'choice', values: ['maddy', 'madmail', 'madmail-0', 'madmail-2'] },
    example: 'maddy',
  },
  targetVersion: {
    doc: 'Release of maddy that the files are for: known faults of that release that they meet are told.',
    form: { kind: 'text', pattern: '^\\d+\\.\\d+(\\.\\d+)?$', takes: 'a version, for example "0.9.4"' },
    example: '0.9.4',
  },
  envFile: {
    doc: 'File with the variables that the server has, a NAME=value a line, relative to this file.',
    form: { kind: 'text', takes: 'a path' },
    example: 'maddy.env',
  },
  mainFiles: {
    doc: 'Configurations by themselves, relative to this file; every other file is a part that is imported. `*` stands for any text without a slash, `**` for any text.',
    form: { kind: 'texts', takes: 'paths or patterns' },
    example: ['maddy.conf', 'hosts/*/maddy.conf'],
  },
  localDomains: {
    doc: 'Domains whose mail stays on this server, besides those that the configuration itself delivers.',
    form: { kind: 'texts', takes: 'domains' },
    example: ['example.org'],
  },
} as const satisfies Readonly<Record<string, SettingSpec>>;

export type SettingName = keyof typeof settingSpecs;
