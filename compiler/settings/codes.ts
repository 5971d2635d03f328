import type { Code } from '../diagnostics/diagnostic.ts';
import { listener } from '../ir/codes/sample.ts';

/** What is wrong with ignore comments and with `maddyc.json`. */

const mismatch = 'reject 450 5.7.1 "Try again later"';

export const ignoreWithoutReason: Code = {
  code: 'M1901',
  name: 'ignore-without-reason',
  severity: 'warning',
  summary: 'an ignore comment that does not say why',
  page: () => ({
    docs: 'Whoever reads the file next cannot tell whether the finding was looked into or only silenced. Say in a few words why the finding is no fault here: `# maddyc-ignore M3105 the relay of our provider wants it so`.',
    invalid: listener(`# maddyc-ignore M3105\n${mismatch}`),
    valid: listener(`# maddyc-ignore M3105 old clients of ours need it\n${mismatch}`),
  }),
};

export const unusedIgnore: Code = {
  code: 'M1902',
  name: 'unused-ignore',
  severity: 'warning',
  summary: 'an ignore comment for something that is not found',
  page: () => ({
    docs: 'The comment silences a finding that is not there (any more), or stands on the wrong line. It would hide the finding when it comes back. Remove it. It counts for its own line, or for the next one when it stands alone; `# maddyc-ignore-file` at the top counts for the whole file.',
    invalid: listener('# maddyc-ignore M3105 old clients of ours need it\nreject 450 4.7.1 "Try again later"'),
    valid: listener('reject 450 4.7.1 "Try again later"'),
  }),
};

export const unknownIgnore: Code = {
  code: 'M1903',
  name: 'unknown-ignore',
  severity: 'warning',
  summary: 'an ignore comment that names no finding',
  page: () => ({
    docs: 'The word after `maddyc-ignore` must be the code or the name of a finding, as `M3105` or `reply-code-mismatch`; several are separated by commas. `maddyc explain` lists them.',
    invalid: listener('# maddyc-ignore reply-code old clients of ours need it\nreject'),
    valid: listener(`# maddyc-ignore reply-code-mismatch old clients of ours need it\n${mismatch}`),
  }),
};

export const settingsSyntax: Code = {
  code: 'M1911',
  name: 'settings-syntax',
  severity: 'error',
  summary: 'maddyc.json cannot be read',
  page: () => ({
    docs: 'The settings file is JSON; comments and commas at the end of a list are allowed. Until it is put right the files are checked without it.',
    invalid: '',
    valid: '',
  }),
};

export const settingsValue: Code = {
  code: 'M1912',
  name: 'settings-value',
  severity: 'error',
  summary: 'something in maddyc.json has no meaning',
  page: () => ({
    docs: 'A name that is no setting, a rule that does not exist, or a value of the wrong form. That one setting is left out, the others count. docs/settings.md describes them all.',
    invalid: '',
    valid: '',
  }),
};
