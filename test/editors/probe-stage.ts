import { type ServerProcess, spawnServer } from '../kit/lsp.ts';
import { probeChecks } from '../kit/probe.ts';
import { bundledServer } from './bundled-server.ts';
import { sampleText } from './expected.ts';
import { Checks, type Stage } from './stage.ts';

export const probe: Stage = {
  name: 'probe',
  shows: 'the bundled server at the level of the protocol',

  async run() {
    const checks = new Checks();
    for (const { name, run } of probeChecks) {
      const servers: ServerProcess[] = [];
      await checks.check(name, () =>
        run(() => {
          const server = spawnServer(bundledServer());
          servers.push(server);
          return server;
        }, sampleText),
      );
      for (const server of servers) server.process.kill('SIGKILL');
    }
    return { checks: checks.results, figures: {} };
  },
};
