import type { ModuleDefinition } from '../../module.ts';

/** Envelope addresses are rewritten by the router (`compiler/routing/rewrite.ts`), which asks the tables itself. */
export const replaceSender: ModuleDefinition<unknown> = { name: 'modify.replace_sender', create: () => ({}) };
export const replaceRcpt: ModuleDefinition<unknown> = { name: 'modify.replace_rcpt', create: () => ({}) };
