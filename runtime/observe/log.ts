/** Fields of one line; values are written as maddy does: keys sorted, no spaces, `<>&` escaped. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Lines in maddy's form: `[NAME: ]MESSAGE` TAB `[JSON]`. */
export interface Logger {
  message(text: string, fields?: LogFields): void;
  /** As `message`, only when debug is on. */
  debug(text: string, fields?: LogFields): void;
  /** `TEXT` with the error's fields and its text as `reason`. */
  error(text: string, error: unknown, fields?: LogFields): void;
  /** A line as it is: no name, no TAB, no fields (`io_debug`). */
  raw(text: string): void;
  /** A logger whose lines begin with `NAME/CHILD: `. */
  child(name: string): Logger;
  /** A logger without a name: lines of the pipeline about one message. */
  readonly unnamed: Logger;
  readonly debugEnabled: boolean;
}
