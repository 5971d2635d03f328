import type { ModuleSpec, TypeName } from '../catalog/define.ts';
import type { ExpandedDirective } from '../expand/expanded.ts';
import type { Inventory } from '../ir/walk.ts';

/** Directives of modules whose value is of a type, where they are written; what is inherited comes with each heir. */
export function* writtenOfType({ byEntry }: Inventory, type: TypeName): Iterable<ExpandedDirective> {
  for (const modules of byEntry.values()) {
    const [first] = modules;
    if (first === undefined) continue;
    const keys = keysOfType(first.entry, type);
    for (const key of keys) {
      for (const { config, entry } of modules) {
        for (const directive of config.get(key)?.written ?? nothing) {
          if (entry.directives[directive.name]?.type === type) yield directive;
        }
      }
    }
  }
}

const nothing: readonly ExpandedDirective[] = [];

/** Under which the values of such directives are kept: a list may be shared. */
function keysOfType({ directives }: ModuleSpec, type: TypeName): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const name in directives) {
    const row = directives[name];
    if (row?.type === type) keys.add(row.collect?.into ?? name);
  }
  return keys;
}
