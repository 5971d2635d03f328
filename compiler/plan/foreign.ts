import { knows } from '../catalog/catalog.ts';
import type { DirectiveSpec } from '../catalog/define.ts';
import { globals } from '../catalog/globals.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { ExpandedDirective } from '../expand/expanded.ts';
import { otherDialect } from '../ir/codes/delivery.ts';
import { finding } from '../ir/finding.ts';
import type { Meaning, Owner, Program } from '../ir/ir.ts';

/** What only Madmail has: it can be checked, but the runtime is maddy's (R6). In the order of the file. */
export function foreignParts(program: Program): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const [directive, meaning] of program.meanings) {
    const what = foreignWords(directive, meaning);
    if (what === null) continue;
    const details = [
      `maddyc runs what maddy has: ${directive.name} works in Madmail only. Remove it to run this file here.`,
    ];
    found.push(finding(otherDialect, directive.origin, { message: `${what} is not in maddy`, details }).diagnostic);
  }
  return found;
}

function foreignWords(directive: ExpandedDirective, { module, owner }: Meaning): string | null {
  if (module !== undefined && !knows(module, 'maddy')) return `the module ${module.name}`;
  const row = owner === undefined ? undefined : rowOf(owner, directive.name);
  return row !== undefined && !knows(row, 'maddy') ? `the directive ${directive.name}` : null;
}

function rowOf(owner: Owner, name: string): DirectiveSpec | undefined {
  switch (owner.kind) {
    case 'module':
      return owner.entry.directives[name];
    case 'block':
      return owner.spec.directives[name];
    case 'globals':
      return Object.entries(globals.directives).find(([each]) => each === name)?.[1];
    case 'pipeline':
      return undefined;
  }
}
