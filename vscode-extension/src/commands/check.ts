import { commands, DiagnosticSeverity, languages, window } from 'vscode';
import type { Feature } from '../feature.ts';

/** Tells what the findings add up to, and shows them. */
export const check: Feature = ({ context, active, server }) => {
  context.subscriptions.push(
    commands.registerCommand('maddy.check', async () => {
      const uri = await active.find();
      if (uri === null) return;
      // An answer means that the server knows the text as it is now.
      await server.mainFiles({ uri: uri.toString() });
      const findings = languages
        .getDiagnostics()
        .flatMap(([, each]) => each)
        .filter(({ source }) => source === 'maddyc');
      const count = (severity: DiagnosticSeverity) => findings.filter((each) => each.severity === severity).length;
      const errors = count(DiagnosticSeverity.Error);
      const warnings = count(DiagnosticSeverity.Warning);
      const others = findings.length - errors - warnings;
      if (findings.length === 0) {
        void window.showInformationMessage('maddy: nothing to complain about.');
        return;
      }
      await commands.executeCommand('workbench.actions.view.problems');
      const words = [plural(errors, 'error'), plural(warnings, 'warning'), plural(others, 'hint')];
      window.setStatusBarMessage(`maddy: ${words.filter((word) => word !== '').join(', ')}`, 10_000);
    }),
  );
};

function plural(count: number, word: string): string {
  return count === 0 ? '' : `${count} ${word}${count === 1 ? '' : 's'}`;
}
