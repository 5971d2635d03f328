import type { MailChange } from '../../compiler/routing/diff/diff-mail.ts';
import { classesWords, entranceWords, exampleCommand, placeWords, treatmentWords } from './change-words.ts';
import { type Comparison, settingWords, summaryWords } from './comparison.ts';
import { sideName } from './sides.ts';

export interface TextOptions {
  readonly color: boolean;
}

export function diffToText(comparison: Comparison, { color }: TextOptions): string {
  const paint = (code: string, text: string): string => (color ? `\x1b[${code}m${text}\x1b[0m` : text);
  const { before, after, mail, settings } = comparison;
  const byEntrance = Map.groupBy(mail.changes, entranceWords);
  const blocks = [...byEntrance].map(([entrance, changes]) =>
    [paint('1', entrance), ...changes.flatMap((change) => changeLines(change, comparison, paint))].join('\n'),
  );
  const settingLines = settings.map((change) => {
    const place = placeWords(change.at, after.plan, after.revision);
    return `  ${change.where}: ${settingWords(change)}  ${paint('2', place)}`;
  });
  if (settingLines.length > 0) blocks.push([paint('1', 'settings'), ...settingLines].join('\n'));
  const head = blocks.length === 0 ? [] : [paint('2', `- ${sideName(before)}\n+ ${sideName(after)}`)];
  return `${[...head, ...blocks, summaryWords(comparison)].join('\n\n')}\n`;
}

function changeLines(
  change: MailChange,
  { before, after }: Comparison,
  paint: (code: string, text: string) => string,
): readonly string[] {
  const [was, is] = treatmentWords(change);
  const example = exampleCommand(change, change.after === null ? before.path : after.path);
  return [
    `  ${classesWords(change.senders)} to ${classesWords(change.recipients)}${change.difference === 'fate' ? '' : ': goes the same way'}`,
    ...change.assumptions.map((assumption) => `      if ${assumption}`),
    `    ${paint('31', `- ${was}`)}  ${paint('2', placeWords(change.before?.at ?? null, before.plan, before.revision))}`.trimEnd(),
    `    ${paint('32', `+ ${is}`)}  ${paint('2', placeWords(change.after?.at ?? null, after.plan, after.revision))}`.trimEnd(),
    ...(example === null ? [] : [paint('2', `      ${example}`)]),
  ];
}
