import { type Command, UsageError } from '../command.ts';
import { commands } from '../commands.ts';
import { bashScript } from '../completion/bash.ts';
import { type CompletionScript, completedCommands } from '../completion/completed-commands.ts';
import { fishScript } from '../completion/fish.ts';
import { zshScript } from '../completion/zsh.ts';

const shells: ReadonlyMap<string, CompletionScript> = new Map([
  ['bash', bashScript],
  ['zsh', zshScript],
  ['fish', fishScript],
]);
const names = [...shells.keys()].join(', ');

export const completion: Command = {
  name: 'completion',
  summary: 'completion of commands and options for a shell',
  usage: 'SHELL',
  description: `Prints a script for ${names}. It knows every command, option and finding of this version, and calls nothing while you type.`,
  options: [],
  examples: [
    { command: 'eval "$(maddyc completion bash)"', says: 'in ~/.bashrc' },
    { command: 'source <(maddyc completion zsh)', says: 'in ~/.zshrc, behind compinit' },
    { command: 'maddyc completion fish > ~/.config/fish/completions/maddyc.fish', says: 'once' },
  ],
  exitCodes: [
    [0, 'printed'],
    [2, 'no such shell'],
  ],
  docs: 'cli.md',
  operands: 1,
  operandWords: () => [...shells.keys()].map((word) => ({ word, says: `script for ${word}` })),

  async run({ io, operands: [shell] }) {
    const script = shells.get(shell ?? '');
    if (script === undefined) throw new UsageError(`${shell ?? 'no shell named'}: completion is there for ${names}`);
    io.stdout.write(script(await completedCommands(commands)));
    return 0;
  },
};
