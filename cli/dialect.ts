import { type Dialect, dialectNamed, dialects } from '../grammar/dialect.ts';
import type { Invocation, OptionSpec } from './command.ts';
import { projectSettings } from './project.ts';

export const dialectOption: OptionSpec = {
  name: 'dialect',
  value: 'NAME',
  choices: [...dialects, 'madmail'],
  help: 'otherwise as maddyc.json or the first line says, or told from the file',
};

/** What the option names; undefined without it. */
export function namedDialect({ value }: Pick<Invocation, 'value'>): Dialect | undefined {
  const name = value('dialect');
  return name === undefined ? undefined : (dialectNamed(name) ?? undefined);
}

/** What the option names, else what the project says; undefined where the text itself decides. */
export async function dialectFor(path: string, invocation: Invocation): Promise<Dialect | undefined> {
  const { settings } = await projectSettings(path, invocation.io);
  return namedDialect(invocation) ?? settings?.settings.dialect ?? undefined;
}
