import type { ModuleSpec } from '../catalog/define.ts';
import { interfaces, type WantedInterface } from '../catalog/interfaces.ts';
import type { Declaration } from './declarations.ts';

/**
 * How well a module fits a place that wants the interface, the smaller the better. Accounts and mailboxes can be looked up like a
 * table, but are seldom meant; `dummy` fits everywhere, loses mail and takes every password; groups are written in place.
 */
export function distanceFrom(expects: WantedInterface, { kind }: Pick<ModuleSpec, 'kind'>): number {
  if (kind === 'other' || kind === 'group') return 2;
  return interfaces[expects].namespace === 'table' && kind !== 'table' ? 1 : 0;
}

/** Settings that say what is logged: seldom what somebody looks for in a block. */
const aboutLogging: ReadonlySet<string> = new Set(['debug', 'io_debug', 'io_errors']);

export function isAboutLogging(setting: string): boolean {
  return aboutLogging.has(setting);
}

/** Names that maddy's own configuration gives to lists of domains. */
const namesDomains = /domains?$/;

/** Where domains are wanted their macros come first, lists of them before single ones; else in the order of the text. */
export function inOrder(macros: readonly Declaration[], wantsDomains: boolean): readonly Declaration[] {
  if (!wantsDomains) return macros;
  const distance = ({ name }: Declaration): number => (!namesDomains.test(name) ? 2 : name.endsWith('s') ? 0 : 1);
  return macros.toSorted((a, b) => distance(a) - distance(b));
}
