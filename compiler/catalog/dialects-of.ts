import type { Dialect } from '../../grammar/dialect.ts';
import { findModule } from './catalog.ts';
import { globals } from './globals.ts';

/** In which dialects a name at top level means something; null: in none, or in all. */
export function dialectsOf(name: string): readonly Dialect[] | null {
  const global = Object.entries(globals.directives).find(([each]) => each === name)?.[1];
  if (global !== undefined) return 'dialects' in global ? global.dialects : null;
  return findModule(name)?.dialects ?? null;
}
