import { type CheckResult, Checks, must, until } from '../stage.ts';
import { tryConfiguration } from './tour-checks.ts';
import type { Workbench } from './workbench.ts';

/** What works at once on maddy's own configuration as it comes, on a machine that is no mail server. */
export async function tryDefault(workbench: Workbench): Promise<readonly CheckResult[]> {
  const checks = new Checks();
  await workbench.waitForFile();
  const outcomes = async (count: number): Promise<string[]> => {
    await until(`${count} outcomes`, async () => (await workbench.webviewTexts('#answer p')).length === count);
    return workbench.webviewTexts('#answer p');
  };
  await checks.check('a test message is played with what the form proposes', async () => {
    // Then the extension is there.
    await workbench.waitForText('.codelens-decoration', 'route a message from here', 60);
    await workbench.runCommand('maddy: Send a Test Message');
    await (await workbench.webview('#subject')).click('button[type=submit]');
    const [taken = ''] = await outcomes(1);
    must(/^250 accepted postmaster@example\.org.*to &local_mailboxes/.test(taken), taken);
  });
  await workbench.screenshot('sent');
  await checks.check('a user logs in and sends to the world', async () => {
    const frame = await workbench.webview('#subject');
    await frame.selectOption('#endpoint', 'submission tcp://0.0.0.0:587');
    await frame.click('button[type=submit]');
    await until('the outcome', async () =>
      (await workbench.webviewTexts('#answer p')).some((text) =>
        /^250 accepted .*to &\w+ \(target\.remote\)/.test(text),
      ),
    );
    const said = await workbench.webviewTexts('#transcript .client');
    must(
      said.some((line) => line.startsWith('C: AUTH PLAIN')),
      said.join(' | '),
    );
  });
  await workbench.screenshot('submitted');
  await checks.check('what is typed and not saved counts', async () => {
    const frame = await workbench.webview('#subject');
    await frame.selectOption('#endpoint', 'smtp tcp://0.0.0.0:25');
    await frame.fill('#from', 'somebody@example.net');
    await frame.fill('#to', 'stranger@else.example');
    await frame.click('button[type=submit]');
    await until('550', async () => (await workbench.webviewTexts('#answer p')).some((text) => text.startsWith('550')));
    await workbench.replaceAll('reject 550', 'reject 554');
    await frame.click('button[type=submit]');
    await until('554', async () => (await workbench.webviewTexts('#answer p')).some((text) => text.startsWith('554')));
    must(await workbench.hasUnsaved('maddy.conf'), 'it was saved');
  });
  await workbench.screenshot('typed');
  await checks.check('a trial runs, and stops', () => tryConfiguration(workbench));
  await workbench.screenshot('trial');
  return checks.results;
}
