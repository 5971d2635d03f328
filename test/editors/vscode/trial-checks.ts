import { type CheckResult, must, until } from '../stage.ts';
import { tourLine } from '../tour.ts';
import { PicturedChecks } from './pictured-checks.ts';
import type { Workbench } from './workbench.ts';

/** What somebody tries who has not read anything: breaks a configuration in three ways, repairs it, moves it to Dovecot. */
export async function tryAsNewcomer(workbench: Workbench): Promise<readonly CheckResult[]> {
  const checks = new PicturedChecks(workbench);
  const { step } = checks;
  const squiggleOn = (line: number, severity: 'error' | 'warning' = 'error') =>
    until('squiggle', async () => (await workbench.squiggleLines(severity)).includes(line), 60);
  /** Takes the first offer at the place, which must say this. */
  const takeFix = async (line: number, column: number, title: string) => {
    await workbench.goTo({ line, column });
    const [, first = ''] = await workbench.offers(title);
    must(first.includes(title), `offered first: ${first}`);
    await workbench.press('Enter');
  };

  await workbench.waitForFile();
  const delivery = tourLine('deliver_to &local_mailboxes');
  await step('a directive is misspelt, and put right', 'misspelt', async () => {
    await workbench.goTo({ line: delivery, column: 9 });
    await workbench.press('Delete');
    await squiggleOn(delivery);
    await takeFix(delivery, 10, 'write deliver_to');
    await workbench.waitForLine(delivery, '        deliver_to &local_mailboxes');
  });
  const brace = delivery + 1;
  await step('a brace is deleted, and put back', 'brace', async () => {
    await workbench.goTo({ line: brace, column: 1 });
    await workbench.press('Control+Shift+k');
    const opening = tourLine('    destination postmaster $(local_domains) {\n        modify');
    await squiggleOn(opening);
    const [, before = ''] = /^(.*)\{/.exec((await workbench.line(opening)) ?? '') ?? [];
    await takeFix(opening, before.length + 1, 'close the block');
    await workbench.waitForLine(brace, '    }');
  });
  const refusal = tourLine('reject 550 5.7.1 "Relaying');
  const entrance = tourLine('smtp tcp://');
  await step('mail for everybody is sent on, and refused again', 'relay', async () => {
    await workbench.goTo({ line: refusal, column: 13 });
    await workbench.press('Shift+End', 'Delete');
    await workbench.type('deliver_to &out');
    await workbench.waitForSuggestion('&outgoing');
    await workbench.acceptSuggestion('&outgoing');
    await workbench.waitForLine(refusal, '            deliver_to &outgoing');
    // Only a warning: the endpoint of the tour listens on loopback.
    await squiggleOn(entrance, 'warning');
    await takeFix(entrance, 2, 'refuse this mail');
    await workbench.waitForLine(refusal, '            reject 550 5.7.1 "Relaying denied"');
  });
  await step('a warning is ignored with a reason, typed where it is selected', 'reason', async () => {
    const line = tourLine('replace_rcpt');
    await squiggleOn(line, 'warning');
    await workbench.goTo({ line, column: 15 });
    await workbench.offers('and say why');
    await workbench.press('Enter');
    await workbench.waitForText('.view-lines .view-line', 'it is intended');
    await workbench.type('both read it');
    const seen = await workbench.waitForText('.view-lines .view-line', 'both read it');
    must(/# maddyc-ignore M\d{4} both read it$/.test(seen.trimEnd()), seen);
    await workbench.press('Escape');
    await workbench.waitForText('.view-lines .view-line', 'maddyc-ignore');
  });
  await step('mailboxes move to Dovecot by the button of the message', 'applied', async () => {
    await workbench.runCommand('maddy: Migrate to Dovecot');
    await workbench.waitForText('.monaco-diff-editor .modified .view-line', 'target.lmtp local_mailboxes');
    await workbench.pressLink('Apply');
    await until(
      'the difference is closed',
      async () => !(await workbench.texts('.tab')).some((tab) => tab.includes('with Dovecot')),
    );
    await workbench.waitForText('.notification-list-item-message', 'Dovecot needs a configuration');
  });
  await step("Dovecot's side comes by the next one", 'dovecot', async () => {
    await workbench.pressButton("Show Dovecot's Configuration");
    await workbench.waitForText('.quick-input-list .monaco-list-row', 'Dovecot 2.4');
    await workbench.press('Enter');
    await workbench.waitForText('.view-lines .view-line', 'protocols');
  });
  await step('a message is sent through it on paper', 'routed', async () => {
    await workbench.showTab('maddy.conf');
    await workbench.runCommand('maddy: Route a Message');
    const frame = await workbench.webview('#endpoint option');
    await frame.click('button[type=submit]');
    await until('the outcome', async () =>
      (await workbench.webviewTexts('#answer p.delivered')).some((text) => text.includes('target.lmtp')),
    );
    // Names as the user knows them: a path of the whole disk pushes what matters out of sight.
    const links = await workbench.webviewTexts('#answer table a');
    must(!links.some((text) => text.startsWith('/')), links.join(' | '));
  });
  await step('the picture stays behind the form while the file changes', 'picture-behind', async () => {
    await workbench.runCommand('maddy: Show the Ways of Mail');
    await workbench.waitForText('.tab.active', 'Ways of mail');
    // In the form's own column, not in a third one.
    const columns = await workbench.texts('.editor-group-container .tabs-container');
    must(columns.length === 2, `columns: ${columns.join(' | ')}`);
    await workbench.runCommand('maddy: Route a Message');
    await workbench.waitForText('.tab.active', 'Route a message');
    await workbench.showTab('maddy.conf');
    await workbench.press('Control+Home');
    await workbench.type('debug');
    await workbench.press('Escape', 'Enter');
    // Longer than it waits for more keys before it draws the picture again.
    await new Promise((resolve) => setTimeout(resolve, 2000));
    const tabs = await workbench.texts('.tab.active');
    must(
      tabs.some((text) => text.includes('Route a message')),
      `in front: ${tabs.join(' | ')}`,
    );
  });
  return checks.results;
}
