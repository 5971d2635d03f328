import { type CheckResult, must, pause, until } from '../stage.ts';
import { PicturedChecks } from './pictured-checks.ts';
import { tryConfiguration } from './tour-checks.ts';
import type { Workbench } from './workbench.ts';

/** maddy's own configuration in the hands of somebody who has read nothing and only follows what the editor offers; `text` is the file's. */
export async function tryFromScratch(workbench: Workbench, text: string): Promise<readonly CheckResult[]> {
  const checks = new PicturedChecks(workbench);
  const lineOf = (words: string): number => text.split('\n').findIndex((line) => line.startsWith(words)) + 1;
  const { step } = checks;
  let before = 0;
  /** To the next problem from where the cursor is: the box that opens there, and the line that it is about. */
  const nextProblem = async (part: string, line: string): Promise<void> => {
    await until('the mistake is found', async () => (await workbench.errorCount()) > before);
    await workbench.press('F8');
    await workbench.waitForText('.marker-widget', part);
    await workbench.press('Escape');
    await until(`the cursor is in ${line}`, async () => {
      const [at] = await workbench.cursor();
      return (await workbench.line(at))?.includes(line);
    });
  };
  const takeFirst = async (title: string) => {
    const [, first = ''] = await workbench.offers(title);
    must(first.includes(title), `offered first: ${first}`);
    await workbench.press('Enter');
  };
  const noErrors = () => until('no errors', async () => (await workbench.errorCount()) === before);

  await workbench.waitForFile();
  // Then the extension is there.
  await workbench.waitForText('.codelens-decoration', '2 uses', 60);
  // Of other files in the folder.
  await pause(2000);
  before = await workbench.errorCount();
  const domain = lineOf('$(primary_domain) =');
  await step('a macro misspelt where it is declared is put right from the error that follows', 'macro', async () => {
    await workbench.goTo({ line: domain, column: 6 });
    await workbench.press('Delete');
    await nextProblem(
      '$(local_domains) stands for nothing: $(primary_domain) is not defined',
      'source $(local_domains)',
    );
    await takeFirst(`rename the declaration in line ${domain} to $(primary_domain)`);
    await workbench.goTo({ line: domain, column: 1 });
    await workbench.waitForLine(domain, '$(primary_domain) = example.org');
    await noErrors();
  });
  const delivery = lineOf('        deliver_to &local_mailboxes');
  await step('a brace that is deleted is put back from where it was', 'brace', async () => {
    await workbench.goTo({ line: delivery + 1, column: 5 });
    await workbench.press('Control+Shift+k');
    await nextProblem('a "}" is missing above', 'default_destination');
    await takeFirst('close the block where its lines end');
    await workbench.waitForLine(delivery + 1, '    }');
    await noErrors();
  });
  await step('a delivery that is deleted is written again', 'delivery', async () => {
    await workbench.goTo({ line: delivery, column: 1 });
    await workbench.press('Control+Shift+k');
    await workbench.goTo({ line: delivery - 6, column: 1 });
    await nextProblem('is accepted and dropped', 'destination postmaster');
    await takeFirst('deliver to &local_mailboxes');
    await noErrors();
  });
  await step('what cannot stand beside rules comes last, with the reason', 'mixed', async () => {
    const endpoint = lineOf('    dmarc yes');
    await workbench.goTo({ line: endpoint, column: 14 });
    await workbench.press('Enter');
    await workbench.type('deliv');
    await workbench.waitForText('.suggest-widget.visible .monaco-list-row', 'not beside source');
    await workbench.screenshot('mixed-suggested');
    await workbench.press('Escape', 'Shift+Home', 'Delete', 'Backspace');
    await workbench.press('Backspace');
    await workbench.waitForLine(endpoint, '    dmarc yes');
    await workbench.waitForLine(endpoint + 1, '    check {');
    await noErrors();
  });
  await step('the first mail test holds', 'tests', async () => {
    await workbench.runCommand('maddy: New Mail Test');
    await workbench.waitForText('.tab.active', 'maddy.mailtest.yaml');
    await workbench.waitForText('.view-lines .view-line', 'delivered: local_mailboxes');
    await workbench.press('Control+1');
    await until('the tests are known', async () => (await workbench.labels('.testing-run-glyph')).length >= 3);
    await workbench.runCommand('Test: Run Tests in Current File');
    await workbench.waitForText('.xterm-rows > div', 'ok   mail from outside is delivered', 30);
    await workbench.waitForText('.xterm-rows > div', 'ok   no-open-relay');
    await workbench.runCommand('View: Hide Panel');
    await workbench.showTab('maddy.conf');
  });
  await step('it moves to Dovecot', 'moved', async () => {
    await workbench.runCommand('maddy: Migrate to Dovecot');
    await workbench.waitForText('.monaco-diff-editor .modified .view-line', 'target.lmtp local_mailboxes');
    await workbench.pressLink('Things Are Left');
    await until('what is left', async () =>
      (await workbench.texts('.tab.active')).some((tab) => tab.includes('With Dovecot.md')),
    );
    await workbench.pressLink('Apply');
    await workbench.waitForText('.tab.active', 'maddy.conf');
    await workbench.waitForText('.notification-list-item-message', 'Dovecot needs a configuration');
    await workbench.runCommand('Notifications: Clear All Notifications');
  });
  await step('a server that cannot run here is tried instead', 'cannot-run', async () => {
    await workbench.press('Control+1');
    await workbench.runCommand('maddy: Run the Pipeline');
    await workbench.waitForText('.notification-list-item-message', 'could not run here', 30);
  });
  await step('a message goes through the trial of the moved configuration', 'trial', async () => {
    await workbench.runCommand('Notifications: Clear All Notifications');
    await workbench.press('Control+1');
    await tryConfiguration(workbench);
  });
  return checks.results;
}
