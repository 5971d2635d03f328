import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WireClient } from '../../kit/wire-client.ts';
import { type CheckResult, Checks, must, until } from '../stage.ts';
import { tourLine, trialFile } from '../tour.ts';
import { PicturedChecks } from './pictured-checks.ts';
import type { Workbench } from './workbench.ts';

/**
 * What is done with a configuration that is right: each thing by the command that a user finds in the palette. `isWeb`: nothing there
 * judges by DNS records.
 */
export async function takeTour(workbench: Workbench, isWeb: boolean): Promise<readonly CheckResult[]> {
  const checks = new PicturedChecks(workbench, []);
  const { step } = checks;
  /** Back to the configuration alone. */
  const alone = async () => {
    await workbench.press('Escape', 'Escape', 'Control+1');
    await workbench.runCommand('View: Close Editors in Other Groups');
    await until('one group of editors', async () => (await workbench.texts('.editor-group-container')).length === 1, 5);
  };

  await workbench.waitForFile();
  await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
  await step('the warning of the configuration is shown', 'warning', () =>
    until('squiggle', async () => (await workbench.squiggleLines('warning')).includes(tourLine('replace_rcpt')), 60),
  );
  await step('the picture shows the ways of mail', 'graph', async () => {
    await workbench.goTo({ line: tourLine('target.queue outgoing'), column: 5 });
    await workbench.runCommand('maddy: Show the Ways of Mail');
    const titles = await workbench.webviewTexts('#picture .node .title');
    for (const title of ['smtp', 'submission', 'local_routing', 'outgoing']) {
      must(
        titles.some((each) => each.includes(title)),
        `${title} is not among ${titles.join(' | ')}`,
      );
    }
    await until('the card of the line with the cursor stands out', async () =>
      (await workbench.webviewTexts('#picture .node.here .title')).some((title) => title.includes('outgoing')),
    );
  });
  await step('the picture follows the cursor', 'graph-follows', async () => {
    await workbench.goTo({ line: tourLine('auth &accounts'), column: 5 });
    await until('the card', async () =>
      (await workbench.webviewTexts('#picture .node.here .title')).some((title) => title.includes('submission')),
    );
  });
  await step('a click on a card leads to its line', 'graph-click', async () => {
    const frame = await workbench.webview('#picture');
    const id = await frame.evaluate(
      (words) => [...document.querySelectorAll('#picture .node')].find((e) => e.textContent?.includes(words))?.id,
      'msgpipeline',
    );
    must(id !== undefined, 'no such card');
    await frame.click('#fit');
    await frame.click(`#${id} rect`);
    await until(
      'cursor in the block',
      async () => (await workbench.cursor())[0] === tourLine('msgpipeline local_routing'),
      10,
    );
  });
  await checks.check('the picture closes', alone);
  await step('the form shows where a message goes', 'route', async () => {
    await workbench.runCommand('maddy: Route a Message');
    const frame = await workbench.webview('#endpoint option');
    await frame.fill('#from', 'customer@example.com');
    await frame.fill('#to', 'info@example.org');
    await frame.click('button[type=submit]');
    await until('the outcome', async () =>
      (await workbench.webviewTexts('#answer p.delivered')).some((text) => text.includes('ann@example.org')),
    );
  });
  await step('a line of the answer leads to the line of the configuration', 'route-line', async () => {
    const frame = await workbench.webview('#answer table a');
    const line = tourLine('replace_rcpt');
    const at = await frame.evaluate(
      (end) => [...document.querySelectorAll('#answer table a')].findIndex((a) => a.textContent?.endsWith(end)),
      `:${line}`,
    );
    must(at !== -1, 'the answer names no such line');
    await frame.click(`#answer table a >> nth=${at}`);
    await until('cursor in the line', async () => (await workbench.cursor())[0] === line, 10);
  });
  await step('only the checks of the chosen endpoint are asked about', 'route-endpoint', async () => {
    const frame = await workbench.webview('#checks');
    await frame.selectOption('#endpoint', 'smtp tcp://127.0.0.1:2525');
    const asked = () => workbench.webviewTexts('#checks label');
    must((await asked()).join().startsWith('spf'), (await asked()).join());
    await frame.selectOption('#endpoint', 'submission tcp://127.0.0.1:2587');
    must((await asked()).join().startsWith('authorize_sender'), (await asked()).join());
    await frame.selectOption('#endpoint', 'smtp tcp://127.0.0.1:2525');
  });
  await step('the way stands out in the picture', 'route-graph', async () => {
    await (await workbench.webview('#graph')).click('#graph');
    await until('cards of the way', async () => (await workbench.webviewTexts('#picture .node.taken')).length >= 4);
  });
  await checks.check('the form closes', alone);
  // A session is played by a process.
  if (!isWeb) {
    await step('a test message is played, and the outcome stands first', 'send', async () => {
      await workbench.runCommand('maddy: Send a Test Message');
      const frame = await workbench.webview('#subject');
      await frame.fill('#from', 'customer@example.com');
      await frame.fill('#to', 'ann@example.org bob@else.example');
      await frame.click('button[type=submit]');
      await until('the outcomes', async () => (await workbench.webviewTexts('#answer p')).length === 2);
      const [taken = '', refused = ''] = await workbench.webviewTexts('#answer p');
      must(/^250 accepted ann@example\.org.*to &local_mailboxes/.test(taken), taken);
      must(/^550 refused bob@else\.example.*Relaying denied/.test(refused), refused);
      const said = await workbench.webviewTexts('#transcript div');
      must(
        said.some((line) => line.startsWith('C: RCPT TO:<ann@example.org>')),
        said.join('\n'),
      );
    });
    await step('a reason of the session leads to its line', 'send-line', async () => {
      const frame = await workbench.webview('#transcript a');
      const line = tourLine('reject 550 5.7.1 "Relaying');
      const at = await frame.evaluate(
        (end) => [...document.querySelectorAll('#transcript a')].findIndex((a) => a.textContent?.endsWith(end)),
        `:${line}`,
      );
      must(at !== -1, 'the session names no such line');
      await frame.click(`#transcript a >> nth=${at}`);
      await until('cursor in the line', async () => (await workbench.cursor())[0] === line, 10);
    });
    await checks.check('the form for a message closes', alone);
  } else {
    await checks.check('what needs a process is not offered', async () => {
      const offered = await workbench.offeredCommands('maddy: ');
      for (const title of ['Send a Test Message', 'Try This Configuration', 'Run the Pipeline']) {
        must(!offered.some((each) => each.includes(title)), `${title} is offered`);
      }
      await workbench.press('Escape');
    });
  }
  await step('the expanded configuration stands beside', 'expanded', async () => {
    await workbench.runCommand('maddy: Show the Expanded Configuration Beside');
    await workbench.waitForText('.view-lines .view-line', 'destination postmaster example.org example.net');
    await until('its colours', async () => /mtk[2-9]/.test((await workbench.colourOf('accounts')) ?? ''));
  });
  await checks.check('the expanded configuration closes', alone);
  await step('rename changes a block and all that name it', 'rename', async () => {
    await workbench.goTo({ line: tourLine('msgpipeline local_routing'), column: 15 });
    await workbench.rename('inbound');
    await workbench.waitForLine(tourLine('msgpipeline local_routing'), 'msgpipeline inbound {');
    const use = tourLine('deliver_to &local_routing');
    await workbench.goTo({ line: use, column: 1 });
    await workbench.waitForLine(use, '            deliver_to &inbound');
  });
  await checks.check('one undo takes the whole change back', async () => {
    await workbench.press('Control+z');
    await workbench.waitForLine(tourLine('deliver_to &local_routing'), '            deliver_to &local_routing');
  });
  await step('mail tests run in the Test Explorer', 'tests', async () => {
    await workbench.runCommand('Test: Run All Tests');
    await workbench.runCommand('Testing: Focus on Test Explorer View');
    await until('the failed case', async () => {
      const labels = await workbench.labels('.test-explorer .monaco-list-row');
      return labels.some((label) => /maddy\.mailtest\.yaml.*Failed/.test(label));
    });
    const counts = await workbench.waitForText('.result-summary', '/');
    must(counts.includes(isWeb ? '2/3' : '3/4'), counts);
  });
  await step('what differs from the expectation is shown at its case', 'tests-difference', async () => {
    await workbench.open('maddy.mailtest.yaml');
    await workbench.waitForText('.editor-instance .monaco-editor', 'Relaying denied');
  });
  // Where a case is left out there is no coverage.
  if (!isWeb) {
    await step('coverage shows the rules that no test reaches', 'coverage', async () => {
      await workbench.showTab('maddy.conf');
      await workbench.runCommand('Test: Run All Tests with Coverage');
      const missed = tourLine('reject 501 5.1.8 "Users send');
      await workbench.goTo({ line: missed, column: 1 });
      await until('the rule in the margin', async () =>
        (await workbench.texts('.coverage-deco-miss')).some((line) => Math.abs(Number(line) - missed) <= 1),
      );
      const reached = (await workbench.texts('.coverage-deco-hit')).map(Number);
      must(reached.includes(tourLine('default_source {')), `reached: ${reached.join(' ')}`);
    });
  }
  await step('tests run again while the configuration is typed', 'continuous', async () => {
    await workbench.showTab('maddy.conf');
    await workbench.runCommand('Test: Start Continuous Run');
    const line = tourLine('reject 550 5.7.1 "Relaying');
    await workbench.goTo({ line, column: 20 });
    await workbench.press('Shift+ArrowRight', 'Shift+ArrowRight', 'Shift+ArrowRight');
    await workbench.type('554');
    await workbench.runCommand('Testing: Focus on Test Explorer View');
    await workbench.waitForText('.result-summary', isWeb ? '3/3' : '4/4');
    await workbench.screenshot('continuous-typed');
    await workbench.showTab('maddy.conf');
    await workbench.press('Control+z');
    await workbench.runCommand('Testing: Focus on Test Explorer View');
    await workbench.waitForText('.result-summary', isWeb ? '2/3' : '3/4');
    await workbench.runCommand('Test: Stop Continuous Run');
  });
  await checks.check('the side bar closes', async () => {
    await workbench.press('Escape', 'Escape');
    await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
    await workbench.runCommand('View: Hide Panel');
    await workbench.showTab('maddy.conf');
  });
  await step('the plan opens as a document', 'compile', async () => {
    await workbench.runCommand('maddy: Compile to a Plan');
    await workbench.waitForText('.view-lines .view-line', '"version"');
  });
  await checks.check('back from the plan', () => workbench.showTab('maddy.conf'));
  await step('the walkthrough shows what there is, and knows that a file was open before', 'walkthrough', async () => {
    await workbench.runCommand('Welcome: Open Walkthrough');
    await workbench.waitForText('.quick-input-list .monaco-list-row', 'Get Started with maddy');
    await workbench.type('Get Started with maddy');
    await workbench.press('Enter');
    await workbench.waitForText('.getting-started-step', 'Ask where a message goes');
    await until('the tick', async () => (await workbench.tickedSteps()).includes('Open a configuration'));
  });
  await checks.check('back to the configuration', () => workbench.showTab('maddy.conf'));
  await step('the move to Dovecot is shown as a difference first', 'migrate', async () => {
    await workbench.runCommand('maddy: Migrate to Dovecot');
    await workbench.waitForText('.monaco-diff-editor .modified .view-line', 'target.lmtp local_mailboxes');
    await workbench.waitForText('.notification-list-item-message', 'Nothing is changed yet');
  });
  const isTold = async () =>
    (await workbench.texts('.notification-list-item-message')).some((text) => text.includes('Nothing is changed yet'));
  await checks.check('what is said about it goes when the difference is closed', async () => {
    await workbench.runCommand('View: Close Editor');
    await until('no message', async () => !(await isTold()), 10);
    // From a view beside it, as who has just looked at one.
    await workbench.press('Control+2');
    await workbench.runCommand('maddy: Migrate to Dovecot');
    await until('the message once more', isTold);
  });
  await step('and applied when the user says so', 'migrated', async () => {
    await workbench.runCommand('maddy: Apply the Migration');
    await workbench.waitForText('.tab.active', 'maddy.conf');
    const tabs = await workbench.labels('.tab[data-resource-name="maddy.conf"]');
    must(tabs.length === 1, `the file is open more than once: ${tabs.join(' | ')}`);
    await until('nothing says that nothing is changed', async () => !(await isTold()), 10);
    await workbench.goTo({ line: 10, column: 1 });
    await workbench.waitForText('.view-lines .view-line', 'target.lmtp local_mailboxes');
  });
  return checks.results;
}

/** Only where there are processes: the pipeline is started from the editor, takes a message, and is stopped. */
export async function runPipeline(workbench: Workbench, workspace: string): Promise<readonly CheckResult[]> {
  const checks = new Checks();
  const port = Number(/127\.0\.0\.1:(\d+)/.exec(readFileSync(join(workspace, trialFile), 'utf8'))?.[1]);
  const started = await checks.check('the pipeline starts in a terminal', async () => {
    await workbench.waitForFile();
    // Then the extension is there.
    await workbench.waitForText('.codelens-decoration', 'route a message from here', 60);
    await workbench.runCommand('maddy: Run the Pipeline');
    await until('the port answers', () => canConnect(port), 30);
    // No other is installed here.
    must(hasProcess('dist/program/cli.cjs run'), 'it is not the one of the package');
  });
  await workbench.screenshot('run');
  if (started) {
    await checks.check('it takes a message', async () => {
      await sendMessage(port, 'ann@example.org');
      await until('the message lies in the mailbox', async () =>
        readdirSync(join(workspace, 'state'), { recursive: true, encoding: 'utf8' }).some((path) =>
          /ann\/.*(new|cur)\/./.test(path),
        ),
      );
    });
  }
  await checks.check('it stops', async () => {
    await workbench.runCommand('maddy: Stop the Pipeline');
    await until('nothing answers any more', async () => !(await canConnect(port)), 10);
  });
  await checks.check('a trial of the configuration says where it listens, and stops', () =>
    tryConfiguration(workbench),
  );
  return checks.results;
}

/** Runs it on other ports, sends to the account of the occasion, and ends it. */
export async function tryConfiguration(workbench: Workbench): Promise<void> {
  await workbench.runCommand('maddy: Try This Configuration');
  const text = async () => (await workbench.texts('.xterm-rows > div')).join('\n');
  // The whole server starts, and makes a certificate: on a machine with other work that takes a while.
  await until('the terminal says how it ends', async () => /ends\s*the\s*trial/.test(await text()), 90);
  await workbench.runCommand('View: Toggle Maximized Panel');
  // Where a line is broken a part of the name stands at its end.
  const [account = ''] = ((await text()).match(/trial@[\w.]+\w/g) ?? []).toSorted((a, b) => b.length - a.length);
  await workbench.runCommand('Terminal: Scroll to Top');
  const [, port = ''] = await until('the terminal says where it listens', async () =>
    /smtp: listening on tcp:\/\/127\.0\.0\.1:(\d+)/.exec(await text()),
  );
  await sendMessage(Number(port), account);
  await workbench.runCommand('Terminal: Scroll to Bottom');
  await workbench.screenshot('try');
  await workbench.runCommand('View: Toggle Maximized Panel');
  await workbench.runCommand('maddy: Stop the Pipeline');
  await until('nothing answers any more', async () => !(await canConnect(Number(port))), 10);
}

async function sendMessage(port: number, to: string): Promise<void> {
  const client = await WireClient.connect(port);
  try {
    await client.reply();
    await client.say('EHLO client.example.net');
    await client.say('MAIL FROM:<somebody@example.net>');
    await client.say(`RCPT TO:<${to}>`);
    await client.say('DATA');
    const reply = await client.say('From: somebody@example.net', 'Subject: from the editor', '', 'Hello', '.');
    must(reply.startsWith('250'), reply);
  } finally {
    client.destroy();
  }
}

function hasProcess(words: string): boolean {
  return readdirSync('/proc').some((name) => {
    try {
      return readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').includes(words);
    } catch {
      return false;
    }
  });
}

async function canConnect(port: number): Promise<boolean> {
  try {
    (await WireClient.connect(port)).destroy();
    return true;
  } catch {
    return false;
  }
}
