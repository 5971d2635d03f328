import { resolve } from 'node:path';
import type { FixedFile } from '../../compiler/fix/fix.ts';
import type { FixChoice } from '../../compiler/fix/select.ts';
import { encodeText } from '../../grammar/encoding.ts';
import { type Invocation, UsageError } from '../command.ts';
import { ConfigurationFile } from '../configuration.ts';
import { replaceNamedFile } from '../replace-file.ts';
import { unifiedDiff } from '../unified-diff.ts';
import type { ExamineOptions } from './examine.ts';
import type { Input } from './inputs.ts';

/** Writes what the fixes make of the configurations and their imports, one configuration after the other. */
export async function applyFixes(
  inputs: readonly Input[],
  choice: FixChoice,
  options: ExamineOptions,
  { io, has }: Invocation,
): Promise<void> {
  for (const { path } of inputs) {
    const { files, applied } = await fixesOf(path, choice, options, io);
    for (const file of files) writeBack(resolve(io.cwd, file.path), file);
    if (applied > 0 && !has('quiet')) io.stderr.write(`${fixes(applied)} applied: ${names(files)}\n`);
  }
}

/** Shows what `applyFixes` would do; a file that several configurations import is shown once. */
export async function previewFixes(
  inputs: readonly Input[],
  choice: FixChoice,
  options: ExamineOptions,
  { io, has }: Invocation,
): Promise<void> {
  const shown = new Set<string>();
  let count = 0;
  for (const { path } of inputs) {
    const { files, applied } = await fixesOf(path, choice, options, io);
    count += applied;
    for (const { path: changed, before, after } of files) {
      if (shown.has(changed)) continue;
      shown.add(changed);
      io.stdout.write(await unifiedDiff(changed, before, after, 'fixed'));
    }
  }
  if (has('quiet')) return;
  const how = choice === 'all' ? '--fix=all' : '--fix';
  io.stderr.write(count === 0 ? 'nothing to fix\n' : `${fixes(count)} to apply; write with maddyc check ${how}\n`);
}

async function fixesOf(path: string, choice: FixChoice, options: ExamineOptions, io: Invocation['io']) {
  const file = await ConfigurationFile.open(path, io, options.open);
  if (file.isPlan) throw new UsageError(`${path} is a compiled plan`, 'fix its configuration');
  const { files, applied } = await file.fix(choice, options.analysis);
  return { files, applied: applied.length };
}

function writeBack(path: string, { path: shown, after }: FixedFile): void {
  replaceNamedFile(shown, path, encodeText(after));
}

function fixes(count: number): string {
  return count === 1 ? '1 fix' : `${count} fixes`;
}

function names(files: readonly FixedFile[]): string {
  return files.map(({ path }) => path).join(', ');
}
