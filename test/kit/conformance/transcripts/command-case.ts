import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Surroundings } from '../kind.ts';
import { CaseFolder } from './case-folder.ts';
import { expectText, within } from './mismatch.ts';
import type { RecordedCommandLine, RecordedCommandLines } from './recorded.ts';

const commandTime = 20_000;

/** Runs recorded command lines, one after another in one directory. Throws Mismatch. */
export async function runCommandCase(recorded: RecordedCommandLines, surroundings: Surroundings): Promise<void> {
  const folder = await CaseFolder.make(recorded, surroundings);
  try {
    if (recorded.config !== null) await folder.writeConfiguration(recorded.config);
    for (const step of recorded.steps) await runCommand(step, folder, surroundings);
  } finally {
    await folder.remove();
  }
}

async function runCommand(step: RecordedCommandLine, folder: CaseFolder, { command }: Surroundings): Promise<void> {
  const [program, ...first] = command;
  const args = step.args.map((arg) => folder.fill(arg));
  const child = spawn(program, [...first, ...args], {
    cwd: folder.testDir,
    env: { ...process.env, MADDY_CONFIG: undefined },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  // A command that asks nothing may be gone before its input.
  child.stdin.on('error', () => {});
  child.stdin.end(step.stdin ?? '');
  const name = args.join(' ');
  try {
    await within(commandTime, name, once(child, 'close'));
  } finally {
    child.kill('SIGKILL');
  }
  expectText(
    `${name}: exit code`,
    String(step.exit),
    `${child.exitCode}${child.exitCode === step.exit ? '' : `, ${stderr}`}`,
  );
  expectText(`${name}: standard output`, folder.fill(step.stdout), stdout);
  expectText(`${name}: standard error`, folder.fill(step.stderr), stderr);
}
