import { dialectsOf } from '../../compiler/catalog/dialects-of.ts';
import { type Expansion, expand as expandConfiguration } from '../../compiler/expand/expand.ts';
import type { ExpandedDirective } from '../../compiler/expand/expanded.ts';
import { writeConfiguration } from '../../compiler/expand/write.ts';
import { prettyReport } from '../../compiler/report/pretty.ts';
import { positionAt } from '../../compiler/source/source-file.ts';
import { type Command, commonOptions, type Invocation, UsageError } from '../command.ts';
import { ConfigurationFile, terminalOf } from '../configuration.ts';
import { defaultFile } from '../default-file.ts';
import { dialectFor, dialectOption } from '../dialect.ts';

export const expand: Command = {
  name: 'expand',
  summary: 'the effective configuration: without macros, snippets and imports',
  usage: '[FILE] [--json] [--keep-env]',
  description: `Shows what is left when macros, snippets, imports and environment variables are replaced: the configuration that the server really has.
The text is itself a valid configuration. FILE "-" is standard input.`,
  options: [
    { name: 'keep-env', help: 'leave {env:NAME} in place' },
    commonOptions.json,
    dialectOption,
    commonOptions.color,
  ],
  examples: [
    { command: 'maddyc expand maddy.conf', says: 'the effective configuration as text' },
    {
      command: 'maddyc expand --keep-env maddy.conf > flat.conf',
      says: 'one file out of many, secrets left in the environment',
    },
    { command: 'maddyc expand --json maddy.conf', says: 'the directives with the file and line that each came from' },
  ],
  exitCodes: [
    [0, 'done'],
    [1, 'the configuration has errors, or a value that cannot be written as text'],
    [2, 'wrong use: no such file'],
  ],
  docs: 'expand.md',
  operands: 1,

  async run(invocation) {
    const { has, io, operands } = invocation;
    const { host, path, isPlan } = await ConfigurationFile.open(operands[0] ?? defaultFile(io), io);
    if (isPlan)
      throw new UsageError(`${path} is a compiled plan`, 'expand the configuration that it was compiled from');
    const expansion = expandConfiguration(path, host, {
      dialect: await dialectFor(path, invocation),
      dialectsOf,
      keepEnvironment: has('keep-env'),
      withFindings: false,
    });
    if (has('json')) return printJson(expansion, invocation);
    return expansion.refusal === null ? printText(expansion, invocation) : printErrors(expansion, invocation);
  },
};

function printJson({ directives, refusal }: Expansion, { io }: Invocation): number {
  const result =
    refusal === null
      ? { version: 1, ok: true, nodes: directives.map(nodeOf) }
      : { version: 1, ok: false, error: refusal };
  io.stdout.write(`${JSON.stringify(result)}\n`);
  return refusal === null ? 0 : 1;
}

/** As in the recorded cases of the reference; `snippet` and `macro` are always false by now. */
function nodeOf({ name, args, block, origin, line }: ExpandedDirective): unknown {
  const values = args.map((arg) => arg.value);
  const children = block === null ? null : block.map(nodeOf);
  return { name, args: values, children, file: origin.file.path, line, snippet: false, macro: false };
}

function printText({ directives }: Expansion, { io }: Invocation): number {
  const { text, unwritable } = writeConfiguration(directives);
  io.stdout.write(text);
  for (const { value, reason, origin } of unwritable) {
    const { line, column } = positionAt(origin.file, origin.range.start);
    const place = `${origin.file.path}:${line}:${column}`;
    io.stderr.write(`${place}: the value ${JSON.stringify(value)} cannot be written as text: ${reason}\n`);
  }
  return unwritable.length === 0 ? 0 : 1;
}

function printErrors({ diagnostics }: Expansion, invocation: Invocation): number {
  const { stderr } = invocation.io;
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  stderr.write(prettyReport(errors, terminalOf(stderr, invocation)));
  return 1;
}
