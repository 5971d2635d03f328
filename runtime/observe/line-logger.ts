import { errorFields } from './line.ts';
import type { LogFields, Logger } from './log.ts';
import type { LogOutput } from './output.ts';

const noFields: LogFields = {};

export interface LoggerOptions {
  readonly output: LogOutput;
  /** Module name before each line; empty for none. */
  readonly name: string;
  readonly debug: boolean;
}

export function createLogger({ output, name, debug }: LoggerOptions): Logger {
  const { format } = output;
  const logger: Logger = {
    message: (text, fields = noFields) => output.write(format.line({ name, level: 'info', text, fields }), false),
    debug: (text, fields = noFields) => {
      if (debug) output.write(format.line({ name, level: 'debug', text, fields }), true);
    },
    error: (text, error, fields = noFields) =>
      output.write(format.line({ name, level: 'error', text, fields: { ...errorFields(error), ...fields } }), false),
    raw: (text) => output.write(format.raw(text), false),
    child: (child) => createLogger({ output, name: name === '' ? child : `${name}/${child}`, debug }),
    get unnamed() {
      return name === '' ? logger : createLogger({ output, name: '', debug });
    },
    debugEnabled: debug,
  };
  return logger;
}
