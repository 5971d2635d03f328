import type { Dialect } from '../../grammar/dialect.ts';

/** Sets of dialects that entries name. */
export const everyDialect = ['maddy', 'madmail-0', 'madmail-2'] as const satisfies readonly Dialect[];
export const maddyOnly = ['maddy'] as const satisfies readonly Dialect[];
export const maddyAndGo = ['maddy', 'madmail-0'] as const satisfies readonly Dialect[];
export const madmailOnly = ['madmail-0', 'madmail-2'] as const satisfies readonly Dialect[];
export const madmailGo = ['madmail-0'] as const satisfies readonly Dialect[];
export const madmailRust = ['madmail-2'] as const satisfies readonly Dialect[];
