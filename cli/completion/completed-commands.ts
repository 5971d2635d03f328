import type { CommandEntry, OperandWord, OptionSpec } from '../command.ts';
import { optionsOf } from '../parse-arguments.ts';

/** What a shell may offer, taken from the declarations of commands. */
export interface CompletedCommand {
  /** One word, or two: `dovecot migrate`. */
  readonly words: readonly string[];
  readonly summary: string;
  readonly options: readonly OptionSpec[];
  /** What the first operand can be; none where it is anything. */
  readonly operandWords: readonly OperandWord[];
  readonly takesFiles: boolean;
}

/** Makes a shell's completion script. */
export type CompletionScript = (commands: readonly CompletedCommand[]) => string;

export async function completedCommands(entries: readonly CommandEntry[]): Promise<readonly CompletedCommand[]> {
  return Promise.all(
    entries
      .filter((entry) => !entry.hidden)
      .map(async ({ name, summary, load }) => {
        const spec = await load();
        const options = optionsOf(spec).filter((option) => !option.hidden);
        const operandWords = spec.operandWords?.() ?? [];
        return { words: name.split(' '), summary, options, operandWords, takesFiles: namesPath.test(spec.usage) };
      }),
  );
}

/** First words, with what they stand for. */
export function firstWords(commands: readonly CompletedCommand[]): ReadonlyMap<string, string> {
  const words = new Map<string, string>();
  for (const {
    words: [first = '', second],
    summary,
  } of commands) {
    if (second === undefined) words.set(first, summary);
    else words.set(first, [words.get(first), second].filter((word) => word !== undefined).join(', '));
  }
  return words;
}

/** Second words of the commands that begin with `first`, with what they stand for. */
export function secondWords(commands: readonly CompletedCommand[], first: string): ReadonlyMap<string, string> {
  return new Map(
    commands.flatMap(({ words: [one, two], summary }) => (one === first && two !== undefined ? [[two, summary]] : [])),
  );
}

/** Values and operands that are names of files or folders. */
const namesPath = /FILE|FOLDER|DIR|PATH|PLAN|OLD/;

export function takesPath({ value = '' }: OptionSpec): boolean {
  return namesPath.test(value);
}

/** Words that the value of an option can be; null where none is known. */
export function valueWords({ choices, usual }: OptionSpec): readonly string[] | null {
  return choices ?? usual?.() ?? null;
}

/** Forms of an option that take the next word for their value. */
export function wordsBeforeValue({ name, short, value, optionalValue }: OptionSpec): readonly string[] {
  if (value === undefined || optionalValue === true) return [];
  return [`--${name}`, `-${name}`, ...(short === undefined ? [] : [`-${short}`])];
}

/** A word between single quotes, as all POSIX shells and fish read it. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
