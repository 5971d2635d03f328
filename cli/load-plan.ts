import type { Analysis, Host, Plan } from '../compiler/index.ts';
import { type Invocation, UsageError } from './command.ts';
import { ConfigurationFile, producer, writeFindings } from './configuration.ts';
import { paragraph } from './prose.ts';

export interface LoadedPlan {
  readonly plan: Plan;
  readonly host: Host;
  /** Null for a plan that was compiled elsewhere. */
  readonly analysis: Analysis | null;
}

/** A configuration or a plan, the environment put in; null when it has errors, which are then shown. */
export async function loadPlan(path: string, invocation: Invocation): Promise<LoadedPlan | null> {
  return planOf(await ConfigurationFile.open(path, invocation.io), invocation);
}

/** The same, for a file that is open already. */
export async function planOf(file: ConfigurationFile, invocation: Invocation): Promise<LoadedPlan | null> {
  if (file.isPlan) return { plan: await file.plan(), host: file.host, analysis: null };
  const compiled = await compile(file, invocation);
  return compiled === null ? null : { host: file.host, ...compiled };
}

export interface LoadedConfiguration {
  readonly file: ConfigurationFile;
  readonly plan: Plan;
  readonly analysis: Analysis;
}

/** For tools that need the words of the file, which a plan has not. Null when it has errors, which are then shown. */
export async function loadConfiguration(path: string, invocation: Invocation): Promise<LoadedConfiguration | null> {
  const file = await ConfigurationFile.open(path, invocation.io);
  if (file.isPlan) throw new UsageError(`${path} is a compiled plan`, 'name the configuration that it was made of');
  const compiled = await compile(file, invocation);
  return compiled === null ? null : { file, ...compiled };
}

async function compile(
  file: ConfigurationFile,
  invocation: Invocation,
): Promise<{ readonly plan: Plan; readonly analysis: Analysis } | null> {
  const analysis = file.analyse({ environment: 'expand' });
  const { plan, diagnostics } = analysis.plan(producer);
  if (plan !== null) return { plan, analysis };
  const { stderr } = invocation.io;
  writeFindings(diagnostics, analysis, stderr, invocation);
  const lacking = await lackingVariables(file);
  if (lacking.length > 0) {
    const text = `Nothing but the environment is missing: ${lacking.join(', ')}. Set what the server has there, or name a file that holds it: { "envFile": "FILE" } in maddyc.json.`;
    stderr.write(`\n${paragraph(text, stderr.columns)}\n`);
  }
  return null;
}

/** Variables without which the configuration is no plan, although it would be one with any that fit. */
async function lackingVariables(file: ConfigurationFile): Promise<readonly string[]> {
  const references = await file.planWithReferences();
  if (references === null) return [];
  const { environmentNames } = await import('../compiler/plan/environment.ts');
  return environmentNames(references).filter((name) => !file.host.env.has(name));
}
