import type { OptionSpec } from '../command.ts';
import { type CompletedCommand, firstWords, quoted, secondWords, takesPath } from './completed-commands.ts';

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
if [[ $funcstack[1] == _maddyc ]]; then _maddyc "$@"; else compdef _maddyc maddyc; fi
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

function argumentsOf({ options, takesFiles }: CompletedCommand): string {
  return [...options.flatMap(optionWords), ...(takesFiles ? [quoted('*:file:_files')] : [])].join(' ');
}

function optionWords(option: OptionSpec): readonly string[] {
  const { name, short, value, optionalValue, repeat } = option;
  const help = `[${option.help.replaceAll(/[[\]\\]/g, '\\$&')}]`;
  const action = option.choices === undefined ? (takesPath(option) ? '_files' : ' ') : `(${option.choices.join(' ')})`;
  const wanted = value === undefined ? '' : `${optionalValue ? '::' : ':'}${value.replaceAll(':', '\\:')}:${action}`;
  const assign = value === undefined ? '' : optionalValue ? '=-' : '=';
  const star = repeat ? '*' : '';
  const long = quoted(`${star}--${name}${assign}${help}${wanted}`);
  return short === undefined ? [long] : [long, quoted(`${star}-${short}${help}${wanted}`)];
}
