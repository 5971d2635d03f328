import type { MailChange } from '../../compiler/routing/diff/diff-mail.ts';
import { classesWords, entranceWords, exampleCommand, placeWords, treatmentWords } from './change-words.ts';
import { type Comparison, isSame, settingWords, summaryWords } from './comparison.ts';
import { sideName } from './sides.ts';

/** Rows of a table that reviewers still read; the text report has them all. */
const mostRows = 50;

/** For a comment on a pull request. */
export function diffToMarkdown(comparison: Comparison): string {
  const { before, after, mail, settings } = comparison;
  const title = `### What this changes for mail\n\n\`${sideName(before)}\` → \`${sideName(after)}\`: ${summaryWords(comparison)}\n`;
  if (isSame(comparison)) return title;
  const rows = mail.changes.slice(0, mostRows).map((change) => rowOf(change, comparison));
  const table =
    rows.length === 0
      ? ''
      : `\n| by | from | to | before | after |\n| --- | --- | --- | --- | --- |\n${rows.join('\n')}\n`;
  const left = mail.changes.length - rows.length;
  const more = left > 0 ? `\nand ${left} more: \`maddyc diff\` names them.\n` : '';
  const list = settings.map((change) => `- ${code(change.where)}: ${escapeCell(settingWords(change))}`);
  const settingsPart = list.length === 0 ? '' : `\n**Settings**\n\n${list.join('\n')}\n`;
  const commands = mail.changes.slice(0, mostRows).flatMap((change) => {
    const command = exampleCommand(change, change.after === null ? before.path : after.path);
    return command === null ? [] : [command];
  });
  const examples =
    commands.length === 0
      ? ''
      : `\n<details><summary>An example of each</summary>\n\n\`\`\`sh\n${commands.join('\n')}\n\`\`\`\n\n</details>\n`;
  return `${title}${table}${more}${settingsPart}${examples}`;
}

function rowOf(change: MailChange, { before, after }: Comparison): string {
  const [was, is] = treatmentWords(change);
  const conditions = change.assumptions.map((assumption) => `<br>if ${escapeCell(assumption)}`).join('');
  const place = (text: string): string => (text === '' ? '' : `<br>${code(text)}`);
  const cells = [
    `${escapeCell(entranceWords(change))}${change.difference === 'fate' ? '' : '<br>(goes the same way)'}`,
    escapeCell(classesWords(change.senders)),
    `${escapeCell(classesWords(change.recipients))}${conditions}`,
    `${escapeCell(was)}${place(placeWords(change.before?.at ?? null, before.plan, null))}`,
    `${escapeCell(is)}${place(placeWords(change.after?.at ?? null, after.plan, null))}`,
  ];
  return `| ${cells.join(' | ')} |`;
}

/** Text from configurations is text: no markup, no mention of anybody. */
function escapeCell(text: string): string {
  return text
    .replaceAll(/[\\`*_{}[\]<>#|~&!]/g, (character) => `&#${character.codePointAt(0)};`)
    .replaceAll('@', '&#64;')
    .replaceAll(/\s+/g, ' ');
}

function code(text: string): string {
  return `\`${text.replaceAll('`', "'").replaceAll('|', '\\|')}\``;
}
