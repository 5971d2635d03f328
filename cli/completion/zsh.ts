import type { OptionSpec } from '../command.ts';
import { type CompletedCommand, firstWords, quoted, secondWords, takesPath, valueWords } from './completed-commands.ts';

/** For a folder of \`fpath\` under the name \`_maddyc\`, or to be sourced. */
export function zshScript(commands: readonly CompletedCommand[]): string {
  const first = firstWords(commands);
  const families = [...first.keys()].filter((word) => secondWords(commands, word).size > 0);
  return `#compdef maddyc
# Completion of maddyc for zsh, made by: maddyc completion zsh
_maddyc() {
    local -a found
    if ((CURRENT == 2)); then
        found=(${described(first)})
        _describe -t commands command found
        _arguments '--help[what maddyc can do]' '--version[its version]'
        return
    fi
    case $words[2] in
${families.map((word) => familyCase(word, commands)).join('')}${commands
  .filter(({ words }) => words.length === 1)
  .map((command) => `        ${command.words[0]}) _maddyc_shift 1 ${argumentsOf(command)} ;;\n`)
  .join('')}    esac
}
# Gives _arguments the words behind the command's name.
_maddyc_shift() {
    local count=$1
    shift
    words=("$words[1,1]" "\${(@)words[count + 2,-1]}")
    ((CURRENT -= count))
    _arguments -s -S : "$@"
}
_maddyc_words_or_files() {
    compadd -- "$@"
    _files
}
${commands
  .filter(({ operandWords }) => operandWords.length > 0)
  .map(operandFunction)
  .join('')}if [[ $funcstack[1] == _maddyc ]]; then _maddyc "$@"; else compdef _maddyc maddyc; fi
`;
}

function familyCase(word: string, commands: readonly CompletedCommand[]): string {
  const members = commands.filter(({ words }) => words[0] === word && words.length === 2);
  const cases = members.map(
    (command) => `                ${command.words[1]}) _maddyc_shift 2 ${argumentsOf(command)} ;;`,
  );
  return `        ${word})
            if ((CURRENT == 3)); then
                found=(${described(secondWords(commands, word))})
                _describe -t commands command found
                return
            fi
            case $words[3] in
${cases.join('\n')}
            esac
            ;;
`;
}

function described(words: ReadonlyMap<string, string>): string {
  return [...words].map(([word, summary]) => quoted(`${word.replaceAll(':', '\\:')}:${summary}`)).join(' ');
}

function operandFunction(command: CompletedCommand): string {
  const words = new Map(command.operandWords.map(({ word, says }) => [word, says]));
  return `${operandFunctionName(command)}() {
    local -a found
    found=(${described(words)})
    _describe -t words word found
}
`;
}

function operandFunctionName({ words }: CompletedCommand): string {
  return ['_maddyc', ...words, 'words'].join('_');
}

function argumentsOf(command: CompletedCommand): string {
  const { options, operandWords, takesFiles } = command;
  return [
    ...options.flatMap(optionWords),
    ...(operandWords.length > 0 ? [quoted(`1:word:${operandFunctionName(command)}`)] : []),
    ...(takesFiles ? [quoted('*:file:_files')] : []),
  ].join(' ');
}

function optionWords(option: OptionSpec): readonly string[] {
  const { name, short, value, optionalValue, repeat } = option;
  const help = `[${option.help.replaceAll(/[[\]\\]/g, '\\$&')}]`;
  const wanted =
    value === undefined ? '' : `${optionalValue ? '::' : ':'}${value.replaceAll(':', '\\:')}:${valueAction(option)}`;
  const assign = value === undefined ? '' : optionalValue ? '=-' : '=';
  const star = repeat ? '*' : '';
  const long = quoted(`${star}--${name}${assign}${help}${wanted}`);
  return short === undefined ? [long] : [long, quoted(`${star}-${short}${help}${wanted}`)];
}

function valueAction(option: OptionSpec): string {
  const offered = valueWords(option);
  if (offered === null) return takesPath(option) ? '_files' : ' ';
  return takesPath(option) ? ` _maddyc_words_or_files ${offered.join(' ')}` : `(${offered.join(' ')})`;
}
