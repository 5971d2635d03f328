/** The configuration that is opened in every editor. What is wrong in it is wrong on purpose. */
export const sampleText = `# A sample for the editor tests.
$(local_domains) = example.org example.net

hostname mx.example.org
tls off
import common.conf

smtp tcp://127.0.0.1:2525 {
    destination $(local_domains) {
          deliver_to &local_mailboxes
    }
    default_destination {
        deliver_to &local_mailbox

    }
    not_a_directive yes
}
`;

export const importedText = `# Imported by maddy.conf.
target.lmtp local_mailboxes {
    targets unix:///run/dovecot/lmtp
}
`;

export const sampleFile = 'maddy.conf';
export const importedFile = 'common.conf';

/** Line and column count from 1. */
export interface SamplePosition {
  readonly line: number;
  readonly column: number;
}

/** Where `words` stands first in the main file, and how far in it. */
function at(words: string, inside = 0): SamplePosition {
  const offset = sampleText.indexOf(words);
  if (offset === -1) throw new Error(`the sample has no ${words}`);
  const before = sampleText.slice(0, offset + inside).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** What each editor has to show, whatever it looks like there. */
export const expected = {
  unknownDirective: { at: at('not_a_directive'), text: 'not_a_directive' },
  undefinedBlock: {
    at: at('&local_mailbox\n', 3),
    text: 'local_mailbox',
    fix: 'local_mailboxes',
    fixedLine: '        deliver_to &local_mailboxes',
  },
  directiveCompletion: { at: at('\n    }\n    not_a', 0), label: 'reject' },
  referenceCompletion: {
    typed: '        deliver_to &',
    label: '&local_mailboxes',
    line: '        deliver_to &local_mailboxes',
  },
  directiveHover: { at: at('destination $', 3), text: 'recipients that match' },
  macroHover: { at: at('$(local_domains) {', 4), text: 'example.org example.net' },
  referenceHover: { at: at('&local_mailboxes', 4), text: 'unix:///run/dovecot/lmtp' },
  macroDefinition: { from: at('$(local_domains) {', 4), line: 2 },
  blockDefinition: { from: at('&local_mailboxes', 4), file: importedFile, line: 2 },
  formatted: { at: at('deliver_to &local_mailboxes'), line: '        deliver_to &local_mailboxes' },
  outline: ['$(local_domains)', 'hostname', 'tls', 'import', 'smtp'],
  coloured: 'smtp',
} as const;
