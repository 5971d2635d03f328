import type { ExpandedDirective } from '../expand/expanded.ts';
import { type Config, type Fields, fieldsIn, type Program } from '../ir/ir.ts';
import type { Inventory } from '../ir/walk.ts';

/** A `tls` or `tls_client` directive where it is written. */
export interface TlsSettings {
  readonly side: 'server' | 'client';
  readonly directive: ExpandedDirective;
  readonly value: Fields;
}

export function tlsSettingsOf(program: Program, inventory: Inventory): readonly TlsSettings[] {
  const found = new Map<ExpandedDirective, TlsSettings>();
  collect(program.globals, found);
  for (const modules of inventory.byEntry.values()) {
    const { directives } = modules[0]?.entry ?? {};
    if (directives === undefined || !keys.some(([key]) => Object.hasOwn(directives, key))) continue;
    for (const module of modules) collect(module.config, found);
  }
  return [...found.values()];
}

/** What is inherited is met in each heir, and counts once. */
function collect(config: Config, found: Map<ExpandedDirective, TlsSettings>): void {
  for (const [key, side] of keys) {
    const property = config.get(key);
    const [directive] = property?.written ?? [];
    const value = fieldsIn(property?.value);
    if (directive !== undefined && value !== undefined) found.set(directive, { side, directive, value });
  }
}

const keys = [
  ['tls', 'server'],
  ['tls_client', 'client'],
] as const;

/** The directive of that name in the block, if it is written. */
export function insideOf({ directive }: TlsSettings, name: string): ExpandedDirective | undefined {
  return directive.block?.find((child) => child.name === name);
}

/** TLS is switched off in words; null when that is not known. */
export function isTlsOff(config: Config): boolean | null {
  const enabled = fieldsIn(config.get('tls')?.value)?.enabled;
  return typeof enabled === 'boolean' ? !enabled : null;
}
