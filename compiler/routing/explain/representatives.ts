import type { Plan, PlanPipeline } from '../../plan/plan.ts';

/** A local part and a domain that no configuration mentions (RFC 2606). */
const anybody = 'anybody';
const elsewhere = 'elsewhere.invalid';

const mostRepresentatives = 12;

/**
 * Addresses that stand for all others: each one that a rule mentions, somebody at each domain that a rule mentions, and somebody
 * elsewhere. Rules cannot tell any two addresses apart that these do not.
 */
export function representatives(plan: Plan): readonly string[] {
  const addresses = new Set<string>([`${anybody}@${elsewhere}`]);
  const add = (rule: string): void => {
    addresses.add(rule.includes('@') || rule.toLowerCase() === 'postmaster' ? rule : `${anybody}@${rule}`);
  };
  const visit = (pipeline: PlanPipeline): void => {
    const sources = [...pipeline.sourceTables, ...pipeline.sources].map(({ block }) => block);
    for (const { rules } of pipeline.sources) for (const rule of rules) add(rule.text);
    for (const source of [...sources, pipeline.defaultSource]) {
      for (const { rules } of source.destinations) for (const rule of rules) add(rule.text);
    }
  };
  for (const holder of [...plan.endpoints, ...Object.values(plan.blocks)]) {
    if (holder.pipeline !== undefined) visit(holder.pipeline);
  }
  return [...addresses].slice(0, mostRepresentatives);
}
