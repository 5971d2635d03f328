import type { DirectiveSpec } from '../catalog/define.ts';
import { globals } from '../catalog/globals.ts';
import type { Owner } from '../ir/ir.ts';

/** The row of the catalog that a directive was read by. */
export function specOf(owner: Owner | undefined, name: string): DirectiveSpec | undefined {
  const table = owner === undefined ? undefined : tableOf(owner);
  return table !== undefined && Object.hasOwn(table, name) ? table[name] : undefined;
}

function tableOf(owner: Owner): Readonly<Record<string, DirectiveSpec>> | undefined {
  switch (owner.kind) {
    case 'module':
      return owner.entry.directives;
    case 'block':
      return owner.spec.directives;
    case 'globals':
      return globals.directives;
    case 'pipeline':
      return undefined;
  }
}
