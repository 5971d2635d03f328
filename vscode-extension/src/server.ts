import { serve } from '../../lsp/node.ts';
import { collectGarbage } from '../../runtime/collect-garbage.ts';
import manifest from '../package.json' with { type: 'json' };

serve(process.argv.includes('--stdio') ? 'stdio' : 'node-ipc', manifest.version, {
  collectGarbage,
  judgeByDns: async (...asked) => {
    const { dnsVerdicts } = await import('./dns-verdicts.ts');
    return dnsVerdicts(...asked);
  },
});
