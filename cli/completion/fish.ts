import type { OptionSpec } from '../command.ts';
import {
  type CompletedCommand,
  firstWords,
  secondWords,
  takesPath,
  valueWords,
  wordsBeforeValue,
} from './completed-commands.ts';

export function fishScript(commands: readonly CompletedCommand[]): string {
  const first = firstWords(commands);
  return `# Completion of maddyc for fish, made by: maddyc completion fish
function __maddyc_words
    set -l tokens (commandline -opc)
    string match -v -- '-*' $tokens[2..-1]
end
# Whether the command line begins with these words, and whether it has no others yet.
function __maddyc_in
    set -l words (__maddyc_words)
    set -l count (count $argv)
    test (count $words) -ge $count; and test "$words[1..$count]" = "$argv"
end
function __maddyc_at
    set -l words (__maddyc_words)
    test "$words" = "$argv"
end
# Whether the command (first argument) has no operand yet; the other arguments are its options that take the next word.
function __maddyc_first_operand
    set -l words
    set -l is_value 0
    for token in (commandline -opc)[2..-1]
        if test $is_value = 1
            set is_value 0
        else if contains -- $token $argv[2..-1]
            set is_value 1
        else if not string match -q -- '-*' $token
            set -a words $token
        end
    end
    test "$words" = "$argv[1]"
end
complete -c maddyc -e
${wordLines('__maddyc_at', first)}
complete -c maddyc -n '__maddyc_at' -f -l help -s h -d 'what maddyc can do'
complete -c maddyc -n '__maddyc_at' -f -l version -d 'its version'
${[...first.keys()]
  .map((word) => wordLines(`__maddyc_at ${word}`, secondWords(commands, word)))
  .filter((lines) => lines !== '')
  .join('\n')}
${commands.flatMap(commandLines).join('\n')}
`;
}

function wordLines(condition: string, words: ReadonlyMap<string, string>): string {
  return [...words]
    .map(([word, summary]) => `complete -c maddyc -n ${fishQuoted(condition)} -f -a ${word} -d ${fishQuoted(summary)}`)
    .join('\n');
}

function commandLines({ words, options, operandWords, takesFiles }: CompletedCommand): readonly string[] {
  const inside = `__maddyc_in ${words.join(' ')}`;
  const first = [`__maddyc_first_operand ${fishQuoted(words.join(' '))}`, ...options.flatMap(wordsBeforeValue)].join(
    ' ',
  );
  const operands = operandWords.length > 0 ? `${inside}; and not ${first}` : inside;
  return [
    `complete -c maddyc -n ${fishQuoted(operands)} ${takesFiles ? '-F' : '-f'}`,
    ...(operandWords.length > 0 ? [wordLines(first, new Map(operandWords.map(({ word, says }) => [word, says])))] : []),
    ...options.map((option) => `complete -c maddyc -n ${fishQuoted(inside)} ${optionWords(option)}`),
  ];
}

function optionWords(option: OptionSpec): string {
  const { name, short, value, optionalValue, help } = option;
  const offered = valueWords(option);
  const wanted = value === undefined || optionalValue ? '' : takesPath(option) ? ' -r -F' : ' -x';
  const given = offered === null ? '' : ` -a ${fishQuoted(offered.join(' '))}`;
  const shortForm = short === undefined ? '' : ` -s ${short}`;
  return `-l ${name}${shortForm}${wanted}${given === '' || optionalValue ? '' : given} -d ${fishQuoted(help)}`;
}

/** fish has its own rule: a backslash before what is special between single quotes. */
function fishQuoted(text: string): string {
  return `'${text.replaceAll(/[\\']/g, '\\$&')}'`;
}
