import type { Analysis, Plan } from '../compiler/index.ts';
import type { Invocation } from './command.ts';
import { ConfigurationFile, producer, writeFindings } from './configuration.ts';
import type { DiskHost } from './disk-host.ts';

export interface LoadedPlan {
  readonly plan: Plan;
  readonly host: DiskHost;
  /** Null for a plan that was compiled elsewhere. */
  readonly analysis: Analysis | null;
}

/** A configuration or a plan, the environment put in; null when it has errors, which are then shown. */
export async function loadPlan(path: string, invocation: Invocation): Promise<LoadedPlan | null> {
  const file = await ConfigurationFile.open(path, invocation.io);
  if (file.isPlan) return { plan: await file.plan(), host: file.host, analysis: null };
  const analysis = file.analyse({ environment: 'expand' });
  const { plan, diagnostics } = analysis.plan(producer);
  if (plan !== null) return { plan, host: file.host, analysis };
  writeFindings(diagnostics, analysis, invocation.io.stderr, invocation);
  return null;
}
