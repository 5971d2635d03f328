import { serve } from '../../lsp/node.ts';
import manifest from '../package.json' with { type: 'json' };

serve(process.argv.includes('--stdio') ? 'stdio' : 'node-ipc', manifest.version, async (...asked) => {
  const { dnsVerdicts } = await import('./dns-verdicts.ts');
  return dnsVerdicts(...asked);
});
