import { allCodes } from '../../compiler/diagnostics/codes.ts';
import type { Code } from '../../compiler/diagnostics/diagnostic.ts';
import { subjects } from '../../compiler/diagnostics/subjects.ts';
import { visibleText } from '../../compiler/report/display-width.ts';
import type { CodePage } from '../../grammar/code.ts';
import type { Outputs } from '../generate.ts';
import { generatedNote } from './markdown.ts';

/** A page for each code, and one that lists them. */
export function rulePages(): Outputs {
  const pages = new Map<string, string>();
  for (const code of allCodes()) pages.set(`docs/rules/${code.code}.md`, page(code));
  pages.set('docs/rules/README.md', overview());
  return pages;
}

function page(code: Code): string {
  const { docs, invalid, valid, given } = code.page();
  const samples =
    invalid === '' ? [] : ['## Gives this finding', fenced(invalid), '## Does not', fenced(valid), ...around(given)];
  return [
    generatedNote,
    `# ${code.code} ${code.name}`,
    `${capital(code.summary)}. Severity: ${code.severity}.`,
    docs,
    ...samples,
  ]
    .join('\n\n')
    .concat('\n');
}

function around(given: CodePage['given']): readonly string[] {
  const files = Object.entries(given?.files ?? {}).map(([path, text]) => `\`${path}\`:\n\n${fenced(text)}`);
  const variables = Object.entries(given?.env ?? {}).map(([name, value]) => `\`${name}=${value}\``);
  return [
    ...(files.length === 0 ? [] : ['Files beside it:', ...files]),
    ...(given?.targetVersion === undefined ? [] : [`With "targetVersion": "${given.targetVersion}" in maddyc.json.`]),
    ...(variables.length === 0 ? [] : [`With ${variables.join(', ')} in the environment.`]),
  ];
}

/** Samples that are long on purpose, or hold characters that a page cannot show, are shortened. */
function fenced(sample: string): string {
  const lines = sample.trimEnd().split('\n');
  const shown = lines.length > 40 ? [...lines.slice(0, 20), '# …', ...lines.slice(-5)] : lines;
  const text = shown.map((line) => visibleText(line.length > 200 ? `${line.slice(0, 200)}…` : line)).join('\n');
  const fence = text.includes('```') ? '~~~~' : '```';
  return `${fence}\n${text}\n${fence}`;
}

function overview(): string {
  const parts = subjects.map(([digit, subject]) => {
    const rows = allCodes()
      .filter(({ code }) => code.charAt(1) === digit)
      .map(
        ({ code, name, severity, summary }) =>
          `| [${code}](${code}.md) | ${name} | ${severity} | ${summary.replaceAll('|', '\\|')} |`,
      );
    return rows.length === 0
      ? null
      : [`## ${subject}`, ['| code | name | severity | what |', '| --- | --- | --- | --- |', ...rows].join('\n')].join(
          '\n\n',
        );
  });
  return [
    generatedNote,
    '# Findings',
    'What `maddyc check` can say. `maddyc explain CODE` shows the same pages.',
    ...parts.filter((part) => part !== null),
  ]
    .join('\n\n')
    .concat('\n');
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
