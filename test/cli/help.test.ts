import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commands, findCommand } from '../../cli/commands.ts';
import { parseArguments } from '../../cli/parse-arguments.ts';
import { createIo, runCli } from '../kit/io.ts';

const root = join(import.meta.dirname, '../..');
const visible = commands.filter((entry) => !entry.hidden);

/** The arguments of `maddyc …` in a line for a shell, without redirections; null in other lines, as of an editor's settings. */
function argumentsIn(line: string): readonly string[] | null {
  const [, rest] = /(?:^(?:[A-Z_]+=\S+ )*|\$\(|<\(|\| |sudo )maddyc ([^|><)#&;]*)/.exec(line) ?? [];
  if (rest === undefined) return null;
  return [...rest.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, bare]) => single ?? double ?? bare ?? '',
  );
}

describe.each(visible.map((entry) => [entry.name, entry] as const))('maddyc %s', (name, entry) => {
  test('has help with a purpose, usage, options, examples, exit codes and a page', async () => {
    const spec = await entry.load();
    expect(spec.name).toBe(name);
    const { code, stdout } = await runCli([...name.split(' '), '--help'], { cwd: root });
    expect(code).toBe(0);
    expect(stdout).toContain(`\nUsage: maddyc ${name}`);
    for (const part of ['\nOptions:\n', '\nExamples:\n', '\nExit codes:\n  0  ']) expect(stdout).toContain(part);
    expect(new Set(spec.options.map((option) => option.name)).size).toBe(spec.options.length);
  });

  test('takes its own examples', async () => {
    const { examples } = await entry.load();
    expect(examples.length).toBeGreaterThan(0);
    for (const { command } of examples) {
      const words = argumentsIn(command);
      if (words === null || words[0]?.startsWith('-')) continue;
      const found = findCommand(words);
      expect(found, command).toBeDefined();
      if (found !== undefined) parseArguments(await found.entry.load(), found.rest, createIo({ cwd: root }).io);
    }
  });
});

test('every page that help names is there', async () => {
  const specs = await Promise.all(visible.map((entry) => entry.load()));
  const missing = specs.filter(({ docs }) => !existsSync(join(root, 'docs', docs))).map(({ docs }) => docs);
  expect(missing).toEqual([]);
});

test('wrong words are told the nearest right one', async () => {
  const told = async (...args: readonly string[]) => {
    const { code, stderr } = await runCli(args, { cwd: root });
    return { code, stderr };
  };
  expect(await told('chek')).toEqual({
    code: 2,
    stderr: 'maddyc: unknown command "chek"\n  did you mean "maddyc check"?\n',
  });
  expect(await told('check', '--baselin', 'x')).toEqual({
    code: 2,
    stderr: 'maddyc: unknown option --baselin\n  did you mean --baseline?\n',
  });
  expect(await told('-config', 'maddy.conf')).toEqual({
    code: 2,
    stderr: 'maddyc: no command is named\n  as in: maddyc -config FILE run\n',
  });
});
