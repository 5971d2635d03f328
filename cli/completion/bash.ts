import type { OptionSpec } from '../command.ts';
import {
  type CompletedCommand,
  firstWords,
  quoted,
  secondWords,
  takesPath,
  valueWords,
  wordsBeforeValue,
} from './completed-commands.ts';

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
    # A list (Tab twice) tells what words stand for; what is put in is the word alone.
    if [[ \${COMP_TYPE:-9} == 63 || \${COMP_TYPE:-9} == 33 ]] && ((\${#COMPREPLY[@]} > 1)); then _maddyc_told "$command"; fi
}
# The number of operands before the word that is being written; $1 is the command's place, $2 its options that take a value.
_maddyc_operands() {
    local index word count=0
    for ((index = $1 + 1; index < COMP_CWORD; index++)); do
        word=\${COMP_WORDS[index]}
        if [[ " $2 " == *" $word "* ]]; then
            ((index++))
            if [[ \${COMP_WORDS[index]} == '=' ]]; then ((index++)); fi
        elif [[ $word != -* && $word != '=' ]]; then
            ((count++))
        fi
    done
    printf '%s' "$count"
}
_maddyc_told() {
    local index told
    for ((index = 0; index < \${#COMPREPLY[@]}; index++)); do
        told=''
        case "$1 \${COMPREPLY[index]}" in
${commands.flatMap(toldCases).join('\n')}
        esac
        if [[ -n $told ]]; then COMPREPLY[index]="\${COMPREPLY[index]}  ($told)"; fi
    done
}
complete -o bashdefault -o default -F _maddyc maddyc
`;
}

function toldCases({ words, operandWords }: CompletedCommand): readonly string[] {
  return operandWords.map(
    ({ word, says }) => `            ${quoted([...words, word].join(' '))}) told=${quoted(says)} ;;`,
  );
}

function commandCase({ words, options, operandWords }: CompletedCommand): string {
  const withValue = options.filter(({ value }) => value !== undefined);
  const names = options.map(({ name }) => `--${name}`).join(' ');
  const byPrevious = withValue
    .filter((option) => wordsBeforeValue(option).length > 0)
    .map((option) => `                ${wordsBeforeValue(option).join(' | ')}) ${offeredValues(option)} ;;`);
  const byAssigned = withValue.map((option) => `                --${option.name}) ${offeredValues(option)} ;;`);
  const beforeValues = options.flatMap(wordsBeforeValue);
  const operand =
    operandWords.length === 0
      ? ''
      : ` elif (($(_maddyc_operands "$index" ${quoted(beforeValues.join(' '))}) == 0)); then offered=${quoted(
          operandWords.map(({ word }) => word).join(' '),
        )};`;
  return `        ${quoted(words.join(' '))})
            case \${assigned:-none} in
                none) ;;
${byAssigned.join('\n')}
                *) return ;;
            esac
            if [[ -n $assigned ]]; then :; else case $previous in
${byPrevious.join('\n')}
                *) if [[ $current == -* ]]; then offered=${quoted(names)};${operand} fi ;;
            esac; fi
            ;;`;
}

function offeredValues(option: OptionSpec): string {
  const words = valueWords(option);
  if (words !== null) return `offered=${quoted(words.join(' '))}`;
  return takesPath(option) ? ':' : 'return';
}
