import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commands } from '../../cli/commands.ts';
import { allCodes } from '../../compiler/diagnostics/codes.ts';
import { runCli } from '../kit/io.ts';
import { hasCommand } from '../kit/service-packages.ts';

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'maddyc-completion-'));
  writeFileSync(join(folder, 'my mail.conf'), '');
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { stdout, code } = await runCli(['completion', shell], { cwd: folder });
    expect(code).toBe(0);
    writeFileSync(join(folder, `completion.${shell}`), stdout);
  }
  writeFileSync(join(folder, 'ask.bash'), askBash);
  writeFileSync(join(folder, 'ask.zsh'), askZsh);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The words that bash would put in; words come as bash splits them, which takes "=" for a word. */
const askBash = `source completion.bash
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_maddyc
printf '%s\\n' "\${COMPREPLY[@]}"
`;

/** A zsh on a terminal of its own, with the Tab key pressed; matches are listed instead of shown as a menu. */
const askZsh = `zmodload zsh/zpty
zpty inner zsh -f -i
zpty -w inner 'PROMPT= RPROMPT=; cd '\${(q)PWD}
zpty -w inner 'autoload -Uz compinit && compinit -u -D; source completion.zsh'
zpty -w inner 'compadd() { local -a hits; [[ " $* " == *" -O "* || " $* " == *" -A "* || " $* " == *" -D "* ]] && { builtin compadd "$@"; return }; builtin compadd -A hits "$@"; local hit; for hit in $hits; do print -r -- "HIT<$hit>"; done }'
zpty -w inner 'zle -C list-all complete-word list-all; list-all() { _main_complete "$@"; print -r -- "ENDED"; exit }; bindkey "^I" list-all; print READY'
local line
while zpty -r inner line; do [[ $line == READY* ]] && break; done
zpty -n -w inner "$1"$'\\t'
while zpty -r inner line; do
    print -r -- $line
    [[ $line == *ENDED* ]] && break
done
zpty -d inner
`;

function run(command: string, ...args: readonly string[]): readonly string[] {
  const output = execFileSync(command, args, { cwd: folder, encoding: 'utf8', timeout: 15_000 });
  return output.split('\n').filter((line) => line !== '');
}

const ask = {
  bash: (line: string) => run('bash', 'ask.bash', ...line.replaceAll('=', ' = ').split(' ')),
  zsh: (line: string) =>
    run('zsh', '-f', 'ask.zsh', line).flatMap((each) => [...each.matchAll(/HIT<([^>]*)>/g)].map(([, hit = '']) => hit)),
  fish: (line: string) =>
    run('fish', '--no-config', '-c', `source completion.fish; complete -C ${JSON.stringify(line)}`).map(
      (each) => each.split('\t')[0] ?? '',
    ),
} as const;

const shown = commands.filter((entry) => !entry.hidden).map((entry) => entry.name.split(' ')[0] ?? '');

describe.each(['bash', 'zsh', 'fish'] as const)('%s', (shell) => {
  const inShell = test.skipIf(!hasCommand(shell));

  inShell('knows every command', () => {
    expect(new Set(ask[shell]('maddyc '))).toEqual(
      new Set([...shown, ...(shell !== 'fish' ? ['--help', '--version'] : [])]),
    );
  });

  inShell('knows the second word of commands that have two', () => {
    expect(ask[shell]('maddyc dovecot mi')).toEqual(['migrate']);
  });

  inShell('knows options, also behind a file', () => {
    expect(ask[shell]('maddyc check maddy.conf --error-on')).toEqual(['--error-on-warnings']);
    expect(ask[shell]('maddyc dovecot migrate --keep')).toEqual(['--keep-auth']);
  });

  inShell('knows the values of options', () => {
    expect(new Set(ask[shell]('maddyc check --format g'))).toEqual(new Set(['github', 'gitlab']));
  });

  inShell('knows words that are often the value of an option', () => {
    expect(ask[shell]('maddyc hash --hash ar')).toEqual(['argon2']);
    expect(ask[shell]('maddyc route maddy.conf --endpoint subm')).toEqual(['submission']);
    expect(ask[shell]('maddyc dns --check li')).toEqual(['live']);
    expect(ask[shell]('maddyc session --check authorize')).toEqual(['authorize_sender=fail']);
  });

  inShell('knows findings by code and by name', () => {
    const codes = allCodes().filter(({ code }) => code.startsWith('M41'));
    expect(codes.length).toBeGreaterThan(1);
    expect(new Set(ask[shell]('maddyc explain M41'))).toEqual(new Set(codes.map(({ code }) => code)));
    expect(ask[shell]('maddyc explain wildcard-not')).toEqual(['wildcard-not-supported']);
    expect(ask[shell]('maddyc explain --json wildcard-not')).toEqual(['wildcard-not-supported']);
  });

  inShell('knows what a command does, as its first operand only', () => {
    expect(ask[shell]('maddyc queue ret')).toEqual(['retry']);
    expect(ask[shell]('maddyc creds pass')).toEqual(['password']);
    expect(ask[shell]('maddyc completion b')).toEqual(['bash']);
    expect(ask[shell]('maddyc dkim --domain rotate.test sh')).toEqual(['show']);
    expect(ask[shell]('maddyc creds list cr')).toEqual([]);
  });

  inShell('offers files as operands', () => {
    const offered = ask[shell]('maddyc check my');
    // bash asks Readline for files where the function finds nothing: the script is registered so.
    if (shell === 'bash')
      expect(run('bash', '-c', 'source completion.bash; complete -p maddyc')).toEqual([
        'complete -o bashdefault -o default -F _maddyc maddyc',
      ]);
    else expect(offered.map((each) => each.replaceAll('\\', ''))).toEqual(['my mail.conf']);
  });
});

test('a list in bash tells what findings are called', () => {
  const codes = allCodes().filter(({ code }) => code.startsWith('M41'));
  const told = run('bash', '-c', 'COMP_TYPE=63; . ./ask.bash', 'bash', 'maddyc', 'explain', 'M41');
  expect(told).toEqual(codes.map(({ code, name, summary }) => `${code}  (${name}: ${summary})`));
});

test.skipIf(!hasCommand('shellcheck'))('the bash script has no fault that shellcheck knows', () => {
  expect(run('shellcheck', '-s', 'bash', 'completion.bash')).toEqual([]);
});

test('an unknown shell is told what there is', async () => {
  expect(await runCli(['completion', 'tcsh'], { cwd: folder })).toEqual({
    code: 2,
    stdout: '',
    stderr: 'maddyc: tcsh: completion is there for bash, zsh, fish\n',
  });
});
