import type { CommandEntry, OptionSpec } from '../command.ts';
import { optionsOf } from '../parse-arguments.ts';

/** What a shell may offer, taken from the declarations of commands. */
export interface CompletedCommand {
  /** One word, or two: `dovecot migrate`. */
  readonly words: readonly string[];
  readonly summary: string;
  readonly options: readonly OptionSpec[];
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
        return { words: name.split(' '), summary, options, takesFiles: spec.operands > 0 };
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

/** Whether the value of an option is the name of a file or folder. */
export function takesPath({ value = '' }: OptionSpec): boolean {
  return /FILE|FOLDER|DIR|PATH/.test(value);
}

/** A word between single quotes, as all POSIX shells and fish read it. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
