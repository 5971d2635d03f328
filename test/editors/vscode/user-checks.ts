import { expected } from '../expected.ts';
import { type CheckResult, must, until } from '../stage.ts';
import { PicturedChecks } from './pictured-checks.ts';
import type { Workbench } from './workbench.ts';

/** What a user of the extension does first, in the window of VS Code; each step leaves a screenshot. */
export async function tryAsUser(workbench: Workbench): Promise<readonly CheckResult[]> {
  const checks = new PicturedChecks(workbench);
  const { step } = checks;

  await workbench.waitForFile();
  await step('the file has the language maddy', 'opened', () =>
    until('language', async () => (await workbench.languageName()) === 'maddy'),
  );
  const isServed = await step('a squiggle is on the line of the mistake', 'squiggle', () =>
    until(
      'squiggle',
      async () => (await workbench.squiggleLines('error')).includes(expected.unknownDirective.at.line),
      60,
    ),
  );
  // Without the server all that follows would only wait.
  if (!isServed) return checks.results;
  await step('the Problems view says what is wrong', 'problems', async () => {
    const rows = await workbench.problems();
    must(
      rows.some((row) => row.includes(expected.unknownDirective.text)),
      `rows: ${rows.join(' | ')}`,
    );
  });
  await checks.check('the panel closes', () => workbench.hidePanel());
  await step('module names are coloured', 'coloured', async () => {
    const colour = await workbench.colourOf(expected.coloured);
    must(colour !== null && colour !== 'mtk1', `class ${colour}`);
  });
  await step('hovering over a directive shows what it does', 'hover-directive', () =>
    workbench.hover(expected.directiveHover.at, expected.directiveHover.text),
  );
  await step('hovering over a macro shows what it stands for', 'hover-macro', () =>
    workbench.hover(expected.macroHover.at, expected.macroHover.text),
  );
  await step('hovering over a reference shows the block in the imported file', 'hover-reference', () =>
    workbench.hover(expected.referenceHover.at, expected.referenceHover.text),
  );
  await step('go to definition leads to the macro', 'definition', async () => {
    await workbench.goTo(expected.macroDefinition.from);
    await workbench.press('F12');
    await until(
      'cursor at the declaration',
      async () => (await workbench.cursor())[0] === expected.macroDefinition.line,
      10,
    );
  });
  await step('a quick fix repairs the reference', 'quick-fix', async () => {
    await workbench.goTo(expected.undefinedBlock.at);
    await workbench.offers(expected.undefinedBlock.fix);
    await workbench.screenshot('quick-fix-menu');
    await workbench.press('Enter');
    await workbench.waitForLine(expected.undefinedBlock.at.line, expected.undefinedBlock.fixedLine);
  });
  await step('directives are suggested where they may stand', 'completion', async () => {
    await workbench.goTo(expected.directiveCompletion.at);
    await workbench.suggestions(expected.directiveCompletion.label);
    await workbench.press('Control+Space');
  });
  await step('a suggested reference is put in while typing', 'completion-reference', async () => {
    await workbench.goTo(expected.directiveCompletion.at);
    await workbench.type(expected.referenceCompletion.typed);
    await workbench.waitForSuggestion(expected.referenceCompletion.label);
    await workbench.screenshot('completion-reference-list');
    await workbench.acceptSuggestion(expected.referenceCompletion.label);
    await workbench.waitForLine(expected.directiveCompletion.at.line, expected.referenceCompletion.line);
  });
  await step('formatting puts the lines where they belong', 'formatted', async () => {
    await workbench.press('Control+Shift+i');
    await workbench.waitForLine(expected.formatted.at.line, expected.formatted.line);
  });
  return checks.results;
}
