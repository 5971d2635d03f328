import type { Module } from '../../ir/ir.ts';
import { records, strings } from '../property-values.ts';

/** The lists that a `check.dnsbl` asks, also those named after the module's name. */
export function zonesOf(dnsbl: Module): readonly string[] {
  const inBlocks = records(dnsbl, 'lists').flatMap(({ zones }) => (Array.isArray(zones) ? zones : []));
  return [...strings(dnsbl, 'zones'), ...inBlocks.filter((zone) => typeof zone === 'string')];
}
