import { type Command, UsageError } from '../command.ts';
import { commands } from '../commands.ts';
import { bashScript } from '../completion/bash.ts';
import { type CompletionScript, completedCommands } from '../completion/completed-commands.ts';
import { fishScript } from '../completion/fish.ts';
import { zshScript } from '../completion/zsh.ts';

const shells: Readonly<Record<string, CompletionScript>> = { bash: bashScript, zsh: zshScript, fish: fishScript };
const names = Object.keys(shells).join(', ');

export const completion: Command = {
  name: 'completion',
  summary: 'completion of commands and options for a shell',
  usage: 'SHELL',
  description: `Prints a script for ${names}. It knows every command and option of this version, and calls nothing while you type.`,
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

  async run({ io, operands: [shell] }) {
    const script = shell === undefined || !Object.hasOwn(shells, shell) ? undefined : shells[shell];
    if (script === undefined) throw new UsageError(`${shell ?? 'no shell named'}: completion is there for ${names}`);
    io.stdout.write(script(await completedCommands(commands)));
    return 0;
  },
};
