import { expected } from '../expected.ts';
import { type CheckResult, Checks, must, until } from '../stage.ts';
import type { Workbench } from './workbench.ts';

/** What is there, and what is not, in a folder that its user does not trust. */
export async function tryRestricted(workbench: Workbench): Promise<readonly CheckResult[]> {
  const checks = new Checks();
  await workbench.waitForFile();
  await checks.check('VS Code says that the mode is restricted', () =>
    workbench.waitForText('.statusbar-item', 'Restricted Mode'),
  );
  await checks.check('mistakes are found', () =>
    until(
      'squiggle',
      async () => (await workbench.squiggleLines('error')).includes(expected.unknownDirective.at.line),
      60,
    ),
  );
  await checks.check('hovering shows what the imported file holds', () =>
    workbench.hover(expected.referenceHover.at, expected.referenceHover.text),
  );
  await checks.check('nothing that starts a program is offered', async () => {
    await workbench.press('Escape');
    const offered = await workbench.offeredCommands('maddy: ');
    must(
      offered.some((title) => title.includes('maddy: Route a Message')),
      offered.join(' | '),
    );
    for (const title of ['Run the Pipeline', 'Try This Configuration']) {
      must(!offered.some((each) => each.includes(title)), `${title} is offered`);
    }
    await workbench.press('Escape');
  });
  await workbench.screenshot('restricted');
  return checks.results;
}
