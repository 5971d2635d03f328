import type { TrialArrival } from '../../runtime/modules/target/trial-delivery.ts';
import type { Attempt } from './attempts.ts';
import type { TrialDirectory } from './trial-directory.ts';
import type { EndpointTls, TrialEndpoint, TrialReport } from './trial-report.ts';

const tlsWords: { readonly [Kind in EndpointTls]: string } = {
  starttls: 'STARTTLS',
  implicit: 'from the first byte',
  none: 'no',
};

export interface Announced {
  /** The configuration, as it was named. */
  readonly file: string;
  readonly trial: TrialReport['trial'];
  readonly directory: TrialDirectory;
  readonly attempts: readonly Attempt[];
  readonly asksForLogins: boolean;
}

/** What people see when everything listens. */
export function announcement({ file, trial, directory, attempts, asksForLogins }: Announced): string {
  const { endpoints, account, notes } = trial;
  return `
A trial of ${file}, on this machine only. It lies in ${directory.path}${
    directory.isKept ? '' : ',\nwhich is removed at the end (--trial-dir DIR keeps it)'
  }.

${table([['configured', 'here', 'TLS'], ...endpoints.map(endpointRow)])}

${
  asksForLogins
    ? `  login     ${account.user}\n  password  ${account.password}`
    : `  Nothing asks for a login; the mailbox is ${account.user}.`
}

Otherwise than on the real server:

${notes.map((note) => `  - ${note}`).join('\n')}

Try it, from another terminal:

${attempts.map(attemptText).join('\n')}
What arrives is told here, and lies below ${directory.delivered}. Ctrl-C ends the trial.

`;
}

function endpointRow({ name, configured, listens, tls }: TrialEndpoint): readonly string[] {
  return [`${name} ${configured}`, listens, tlsWords[tls]];
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd())
    .join('\n');
}

function attemptText({ says, command, refusal, because }: Attempt): string {
  const answer = refusal === null ? [] : [`the configuration will answer ${refusal}`];
  const comments = [says, ...answer, ...(because === null ? [] : [because])];
  return `${comments.map((comment) => `  # ${comment}\n`).join('')}  ${command}\n`;
}

/** One line for a message that would have left the trial. */
export function arrivalLine({ file, target, destination, from, to, subject }: TrialArrival): string {
  const what = subject === null ? 'a message without a subject' : JSON.stringify(subject);
  return `arrived: ${what} from <${from}> for ${to.join(', ')}: ${file} (${target}, ${destination})\n`;
}
