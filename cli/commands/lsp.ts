import { collectGarbage } from '../../runtime/collect-garbage.ts';
import { type Command, UsageError } from '../command.ts';
import { version } from '../version.ts';

export const lsp: Command = {
  name: 'lsp',
  summary: 'language server: findings, completion and navigation in an editor',
  usage: '--stdio',
  description: `Speaks the Language Server Protocol over standard input and output. Editors start it themselves; docs/lsp.md has the lines for
each of them. VS Code needs its extension only, which brings the server along.`,
  options: [
    { name: 'stdio', help: 'talk over standard input and output; the default' },
    { name: 'node-ipc', help: "talk over Node's channel to the parent process", hidden: true },
    // Editors add it; the end of standard input says the same.
    { name: 'clientProcessId', value: 'PID', help: 'process of the editor', hidden: true },
  ],
  examples: [
    { command: 'maddyc lsp --stdio', says: 'serve the editor that started it' },
    {
      command: "vim.lsp.config('maddy', { cmd = { 'maddyc', 'lsp', '--stdio' }, filetypes = { 'maddy' } })",
      says: 'in the init.lua of Neovim 0.11 or newer',
    },
  ],
  exitCodes: [
    [0, 'the editor asked for the end'],
    [1, 'the editor went away without asking'],
    [2, 'wrong use'],
  ],
  docs: 'lsp.md',
  operands: 0,

  async run({ has, io }) {
    const isIpc = has('node-ipc');
    if (isIpc && process.send === undefined)
      throw new UsageError('--node-ipc works only below a Node process that opened a channel');
    if (!isIpc && io.stdinIsTerminal) {
      throw new UsageError(
        'an editor starts this command; it has nothing to say on a terminal',
        'docs/lsp.md tells how to set it up',
      );
    }
    const { serve } = await import('../../lsp/node.ts');
    serve(isIpc ? 'node-ipc' : 'stdio', version, {
      collectGarbage,
      judgeByDns: async (...asked) => {
        const { dnsVerdicts } = await import('../../runtime/mailtest/dns-verdicts.ts');
        return dnsVerdicts(...asked);
      },
    });
    // The process ends when the editor says so, or is gone.
    return 0;
  },
};
