import { type CompletedCommand, firstWords, quoted, secondWords, takesPath } from './completed-commands.ts';

/** Works with the bash 3.2 of macOS, too, and needs no bash-completion. Where nothing fits, names of files are offered. */
export function bashScript(commands: readonly CompletedCommand[]): string {
  const first = [...firstWords(commands).keys()];
  const families = first.flatMap((word) => {
    const second = [...secondWords(commands, word).keys()];
    return second.length === 0 ? [] : [{ word, second }];
  });
  return `# Completion of maddyc for bash, made by: maddyc completion bash
_maddyc() {
    local current=\${COMP_WORDS[COMP_CWORD]} previous='' assigned='' name='' command='' index word offered=''
    if ((COMP_CWORD > 0)); then previous=\${COMP_WORDS[COMP_CWORD - 1]}; fi
    # "=" is a word of its own for bash.
    if [[ $current == '=' ]]; then
        current='' assigned=$previous
    elif [[ $previous == '=' ]] && ((COMP_CWORD > 1)); then
        assigned=\${COMP_WORDS[COMP_CWORD - 2]}
    fi
    for ((index = 1; index < COMP_CWORD; index++)); do
        word=\${COMP_WORDS[index]}
        case $word in
            -config | --config) ((index++)) ;;
            -* | =) ;;
            *)
                if [[ -z $name ]]; then
                    name=$word command=$word
                    case $word in
${families.map(({ word }) => `                        ${word}) continue ;;`).join('\n')}
                    esac
                elif [[ $command == "$name" ]]; then
                    command="$name $word"
                fi
                break
                ;;
        esac
    done
    COMPREPLY=()
    case $command in
        '') offered=${quoted([...first, '--help', '--version'].join(' '))} ;;
${families.map(({ word, second }) => `        ${word}) offered=${quoted([...second, '--help'].join(' '))} ;;`).join('\n')}
${commands.map(commandCase).join('\n')}
    esac
    while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -W "$offered" -- "$current")
}
complete -o bashdefault -o default -F _maddyc maddyc
`;
}

function commandCase({ words, options }: CompletedCommand): string {
  const withValue = options.filter(({ value }) => value !== undefined);
  const names = options.map(({ name }) => `--${name}`).join(' ');
  const byPrevious = withValue
    .filter(({ optionalValue }) => optionalValue !== true)
    .map((option) => `                ${forms(option.name, option.short)}) ${valueWords(option)} ;;`);
  const byAssigned = withValue.map((option) => `                --${option.name}) ${valueWords(option)} ;;`);
  return `        ${quoted(words.join(' '))})
            case \${assigned:-none} in
                none) ;;
${byAssigned.join('\n')}
                *) return ;;
            esac
            if [[ -n $assigned ]]; then :; else case $previous in
${byPrevious.join('\n')}
                *) if [[ $current == -* ]]; then offered=${quoted(names)}; fi ;;
            esac; fi
            ;;`;
}

function forms(name: string, short: string | undefined): string {
  return [`--${name}`, `-${name}`, ...(short === undefined ? [] : [`-${short}`])].join(' | ');
}

function valueWords(option: CompletedCommand['options'][number]): string {
  if (option.choices !== undefined) return `offered=${quoted(option.choices.join(' '))}`;
  return takesPath(option) ? ':' : 'return';
}
