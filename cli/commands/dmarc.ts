import { type Command, commonOptions, UsageError } from '../command.ts';
import { defaultFile } from '../default-file.ts';
import { report } from '../dmarc/report.ts';
import { loadPlan } from '../load-plan.ts';

export const dmarc: Command = {
  name: 'dmarc',
  summary: 'what DMARC has decided, as aggregate reports for the domains that ask for them',
  usage: 'report [FILE] [--domain NAME] [--day DAY] [--format FORMAT]  [options]',
  description: `report shows what a server with "dmarc_report_data yes" has counted: for each day and each domain that publishes a policy, who sent mail in
its name and what became of it. With --format xml, or --output for many, it writes reports as RFC 7489 wants them. Nothing is sent: the
addresses that a domain has named for its reports are shown.`,
  options: [
    { name: 'domain', value: 'NAME', help: 'only the reports for this domain' },
    {
      name: 'day',
      value: 'DAY',
      usual: () => ['today', 'yesterday'],
      help: 'only this day in UTC: 2026-11-22, today, yesterday; default: yesterday for xml, all otherwise',
    },
    {
      name: 'format',
      value: 'FORMAT',
      choices: ['text', 'json', 'xml'],
      help: 'text: one line for each report; json: all that was counted; xml: one report',
    },
    {
      name: 'output',
      value: 'DIR',
      help: 'write each report into a file of this directory, as XML packed by gzip, under the name that RFC 7489 asks for',
    },
    { name: 'email', value: 'ADDRESS', help: 'who can be asked about the reports; default: postmaster@ the hostname' },
    commonOptions.color,
  ],
  examples: [
    { command: 'maddyc dmarc report maddy.conf', says: 'which domains, how many messages, where reports should go' },
    {
      command: 'maddyc dmarc report --domain example.org --day yesterday --format xml maddy.conf',
      says: 'one report',
    },
    { command: 'maddyc dmarc report --output /var/spool/dmarc maddy.conf', says: 'all reports of yesterday, as files' },
  ],
  exitCodes: [
    [0, 'done, also when there is nothing to report'],
    [1, 'verdicts are not counted here, a file cannot be written, or the configuration has errors'],
    [2, 'wrong use'],
  ],
  docs: 'dmarc-reports.md',
  operands: 2,
  operandWords: () => [{ word: 'report', says: 'what has been counted, for each day and domain' }],

  async run(invocation) {
    const [action, path] = invocation.operands;
    if (action !== 'report') {
      throw new UsageError(action === undefined ? 'dmarc what?' : `dmarc has no action "${action}"`, 'report');
    }
    const loaded = await loadPlan(path ?? defaultFile(invocation.io), invocation);
    return loaded === null ? 1 : report(loaded.plan, invocation, Date.now());
  },
};
