import { allCodes, findCode } from '../../compiler/diagnostics/codes.ts';
import type { Code } from '../../compiler/diagnostics/diagnostic.ts';
import { subjects } from '../../compiler/diagnostics/subjects.ts';
import { nearest } from '../../compiler/text/nearest.ts';
import { type Command, commonOptions, UsageError } from '../command.ts';
import { colorChoice } from '../configuration.ts';
import { usesColor } from '../io.ts';
import { type Emphasis, emphasisFor, paragraph } from '../prose.ts';

export const explain: Command = {
  name: 'explain',
  summary: 'what a finding means for mail, and what to do about it',
  usage: '[CODE|NAME] [options]',
  description:
    'Shows the page of a finding: what it means, a configuration that gives it, and one that does not. Without a word it lists all findings.',
  options: [commonOptions.json, commonOptions.color],
  examples: [
    { command: 'maddyc explain M2102', says: 'the finding that check has just given' },
    { command: 'maddyc explain wildcard-not-supported', says: 'the same by name' },
    { command: 'maddyc explain', says: 'all findings, by subject' },
  ],
  exitCodes: [
    [0, 'explained'],
    [2, 'there is no such finding'],
  ],
  docs: 'rules/README.md',
  operands: 1,
  operandWords: () => [
    ...allCodes().map(({ code, name, summary }) => ({ word: code, says: `${name}: ${summary}` })),
    ...allCodes().map(({ code, name, summary }) => ({ word: name, says: `${code}: ${summary}` })),
  ],

  async run(invocation) {
    const { io, operands, has } = invocation;
    const [word] = operands;
    const { stdout } = io;
    if (word === undefined) {
      stdout.write(has('json') ? json({ version: 1, findings: allCodes().map(summaryOf) }) : listText(stdout.columns));
      return 0;
    }
    const code = findCode(word) ?? findCode(word.toUpperCase()) ?? findCode(word.toLowerCase());
    if (code === undefined) throw unknown(word);
    const emphasis = emphasisFor(usesColor(colorChoice(invocation), stdout, io.env));
    stdout.write(has('json') ? json(pageOf(code)) : pageText(code, stdout.columns, emphasis));
    return 0;
  },
};

function unknown(word: string): UsageError {
  const lower = word.toLowerCase();
  const names = allCodes().map(({ name }) => name);
  const meant =
    nearest(
      word.toUpperCase(),
      allCodes().map(({ code }) => code),
    ) ?? nearest(lower, names);
  const alike = names.filter((name) => lower.length > 2 && name.includes(lower)).slice(0, 5);
  const hint =
    alike.length > 0 ? `did you mean ${alike.join(', ')}?` : meant === null ? null : `did you mean ${meant}?`;
  return new UsageError(`there is no finding "${word}"`, hint ?? 'maddyc explain lists them all');
}

function summaryOf({ code, name, severity, summary }: Code) {
  return { code, name, severity, summary, docs: `docs/rules/${code}.md` };
}

function pageOf(code: Code) {
  const { docs, invalid, valid, given } = code.page();
  return { version: 1, ...summaryOf(code), text: docs, invalid, valid, given: given ?? null };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function listText(columns: number): string {
  const width = Math.max(...allCodes().map(({ name }) => name.length));
  const parts = subjects.map(([digit, subject]) => {
    const codes = allCodes().filter(({ code }) => code.charAt(1) === digit);
    const rows = codes.map(({ code, name, severity, summary }) => {
      const line = `  ${code}  ${name.padEnd(width)}  ${severity.padEnd(7)}  ${summary}`;
      return columns > 60 && line.length > columns ? `${line.slice(0, columns - 3)}...` : line;
    });
    return [subject, ...rows].join('\n');
  });
  return `${parts.join('\n\n')}\n`;
}

function pageText(code: Code, columns: number, { bold, dim }: Emphasis): string {
  const { docs, invalid, valid, given } = code.page();
  const sample = (title: string, text: string): readonly string[] => (text === '' ? [] : [dim(title), indented(text)]);
  const around = Object.entries(given?.files ?? {}).flatMap(([path, text]) => sample(`with ${path}:`, text));
  const variables = Object.entries(given?.env ?? {}).map(([name, value]) => `with ${name}=${value} in the environment`);
  const release =
    given?.targetVersion === undefined ? [] : [`with "targetVersion": "${given.targetVersion}" in maddyc.json`];
  return [
    `${bold(`${code.code} ${code.name}`)} (${code.severity})`,
    paragraph(`${code.summary.charAt(0).toUpperCase()}${code.summary.slice(1)}.`, columns),
    ...docs.split('\n\n').map((each) => paragraph(each, columns)),
    ...sample('gives this finding:', invalid),
    ...around,
    ...variables,
    ...release,
    ...sample('does not:', valid),
    paragraph(`To silence it where it is no fault: # maddyc-ignore ${code.code} why`, columns),
  ]
    .join('\n\n')
    .concat('\n');
}

/** Samples that are long on purpose are cut. */
function indented(text: string): string {
  const lines = text.trimEnd().split('\n');
  const shown = lines.length > 40 ? [...lines.slice(0, 20), '...'] : lines;
  return shown.map((line) => `    ${line.slice(0, 200)}`).join('\n');
}
