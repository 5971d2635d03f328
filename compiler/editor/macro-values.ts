import { Budget } from '../expand/budget.ts';
import { isRefused, MacroTable } from '../expand/macros.ts';
import { Passage } from '../source/span.ts';
import type { Declaration } from './declarations.ts';
import type { EditorDocument } from './editor-document.ts';

/** What a macro stands for; null when nothing can be said, as for one that refers to itself. */
export type MacroLookup = (name: string) => readonly string[] | null;

/** What macros stand for at the end of the text; the declarations are read once, however many are asked for. */
export function macroLookup(document: EditorDocument): MacroLookup {
  const { file, dialect } = document;
  const table = new MacroTable({
    at: { passage: new Passage(file, 0), base: 0 },
    dialect,
    budget: new Budget(),
    witness: null,
  });
  for (const macro of document.declarations().macros) {
    const values = table.expandTokens(macro.node.args.slice(1));
    if (isRefused(values)) return () => null;
    table.declare(macro.name, values);
  }
  return (name) => table.valuesOf(name)?.map(({ value }) => value) ?? null;
}

export function macroValues(document: EditorDocument, name: string): readonly string[] | null {
  return macroLookup(document)(name);
}

/** The declaration that counts where a name is used: the last one before the place, else the first one after. */
export function macroDeclaration(document: EditorDocument, name: string, offset: number): Declaration | null {
  const all = document.declarations().macros.filter((macro) => macro.name === name);
  return all.findLast(({ token }) => token.startOffset <= offset) ?? all[0] ?? null;
}
