import { resolve } from 'node:path';
import { dialectsOf } from '../../compiler/catalog/dialects-of.ts';
import { type Dialect, detectDialect, dialectOfComment } from '../../grammar/dialect.ts';
import { decodeText, encodeText } from '../../grammar/encoding.ts';
import { format } from '../../grammar/format/format.ts';
import { parse } from '../../grammar/parse.ts';
import { tokenValue } from '../../grammar/tokens.ts';
import { type Command, commonOptions, type Invocation, UsageError } from '../command.ts';
import { defaultFile } from '../default-file.ts';
import { dialectFor, dialectOption } from '../dialect.ts';
import { filesOf, readInput } from '../fmt/inputs.ts';
import { isPlanText } from '../plan-text.ts';
import { replaceNamedFile } from '../replace-file.ts';
import { unifiedDiff } from '../unified-diff.ts';

export const fmt: Command = {
  name: 'fmt',
  summary: 'a configuration in its usual form, or the files put into it',
  usage: '[FILE|FOLDER|-]… [--write | --check | --diff]',
  description: `Four blanks a level, one blank between words, quotes only where they are needed, at most one empty line. Comments stay, and what
maddy reads never changes. Parts with mistakes in their braces or quotes stay as they are. Prints to standard output unless told otherwise.`,
  options: [
    { name: 'write', short: 'w', help: 'change the files' },
    { name: 'check', help: 'only tell which files would change; exit code 1 when one would' },
    { name: 'diff', help: 'show what would change' },
    dialectOption,
    commonOptions.quiet,
  ],
  examples: [
    { command: 'maddyc fmt --diff maddy.conf', says: 'what would change' },
    { command: 'maddyc fmt --write maddy.conf conf.d', says: 'a file, and all .conf files below a folder' },
    { command: 'maddyc fmt - < maddy.conf', says: 'from standard input to standard output, for an editor' },
  ],
  exitCodes: [
    [0, 'done; with --check: nothing to do'],
    [1, 'with --check: a file would change'],
    [2, 'wrong use: no such file, a compiled plan, options that exclude each other'],
  ],
  docs: 'fmt.md',
  operands: Number.POSITIVE_INFINITY,

  async run(invocation) {
    const { operands, has, io } = invocation;
    if (has('write') && (has('check') || has('diff'))) throw new UsageError('--write goes without --check and --diff');
    const files = filesOf(operands.length === 0 ? [defaultFile(io)] : operands, io);
    if (has('write') && files.includes('-')) throw new UsageError('--write cannot write standard input');
    let changes = 0;
    for (const file of files) if (await formatFile(file, invocation)) changes += 1;
    return has('check') && changes > 0 ? 1 : 0;
  },
};

/** True when the file is not in its usual form. */
async function formatFile(file: string, invocation: Invocation): Promise<boolean> {
  const { has, io } = invocation;
  const bytes = file === '-' ? await io.readStdin() : readInput(file, io.cwd);
  const text = decodeText(bytes);
  if (isPlanText(text))
    throw new UsageError(`${file} is a compiled plan`, 'format the configuration that it was made of');
  const formatted = format(text, (await dialectFor(file, invocation)) ?? dialectOf(text));
  const changes = formatted !== text;
  if (has('check')) {
    if (changes) io.stdout.write(`${file}\n`);
  } else if (!has('write') && !has('diff')) {
    io.stdout.write(formatted.toWellFormed());
    if (!formatted.isWellFormed())
      io.stderr.write(`${file}: bytes that are no UTF-8 are shown as U+FFFD; --write keeps them\n`);
  }
  if (has('diff') && changes) io.stdout.write(await unifiedDiff(file, text, formatted, 'formatted'));
  if (has('write') && changes) {
    writeBack(resolve(io.cwd, file), formatted);
    if (!has('quiet')) io.stderr.write(`formatted ${file}\n`);
  }
  return changes;
}

function dialectOf(text: string): Dialect {
  return dialectOfComment(text) ?? detectDialect(namesIn(text), dialectsOf);
}

const namesIn = (text: string): string[] =>
  parse(text).items.flatMap((item) => (item.kind === 'directive' ? [tokenValue(item.name)] : []));

function writeBack(path: string, text: string): void {
  replaceNamedFile(path, path, encodeText(text));
}
