import type { CommandEntry } from './command.ts';

/** Every command, in the order of help. A command is loaded only when it is called. */
export const commands: readonly CommandEntry[] = [
  {
    name: 'fmt',
    group: 'write',
    summary: 'a configuration in its usual form, or the files put into it',
    load: async () => (await import('./commands/fmt.ts')).fmt,
  },
  {
    name: 'expand',
    group: 'write',
    summary: 'the effective configuration: without macros, snippets and imports',
    load: async () => (await import('./commands/expand.ts')).expand,
  },
  {
    name: 'lsp',
    group: 'write',
    summary: 'language server: findings, completion and navigation in an editor',
    load: async () => (await import('./commands/lsp.ts')).lsp,
  },
  {
    name: 'route',
    group: 'judge',
    summary: 'where a message goes, rule by rule, and what its sender is told',
    load: async () => (await import('./commands/route.ts')).route,
  },
];

export function findCommand(name: string): CommandEntry | undefined {
  return commands.find((entry) => entry.name === name);
}
