import type { Severity } from '../diagnostics/diagnostic.ts';

/** Colours and signs of the pretty report. */
export interface Style {
  readonly corner: string;
  readonly bar: string;
  readonly ellipsis: string;
  readonly box: (text: string) => string;
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly mark: (text: string) => string;
  readonly note: (text: string) => string;
}

const escapeCode = '\u001b[';

function colored(code: string, enabled: boolean): (text: string) => string {
  return enabled ? (text) => `${escapeCode}${code}m${text}${escapeCode}0m` : (text) => text;
}

const severityColors: { readonly [S in Severity]: string } = { error: '31', warning: '33', info: '36', hint: '32' };

/** For one finding: its marks have the colour of its severity. */
export function styleFor(severity: Severity, color: boolean, unicode: boolean): Style {
  return {
    corner: unicode ? '\u250c\u2500' : '-->',
    bar: unicode ? '\u2502' : '|',
    ellipsis: unicode ? '\u2026' : '~',
    box: colored('34', color),
    bold: colored('1', color),
    dim: colored('2', color),
    mark: colored(`1;${severityColors[severity]}`, color),
    note: colored('34', color),
  };
}
