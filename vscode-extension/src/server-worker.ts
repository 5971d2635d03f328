import { serve } from '../../lsp/browser.ts';
import manifest from '../package.json' with { type: 'json' };

declare const self: DedicatedWorkerGlobalScope;

serve(self, manifest.version);
