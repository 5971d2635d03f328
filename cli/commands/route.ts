import { explainRoute } from '../../compiler/routing/explain/explain-route.ts';
import { routeToJson } from '../../compiler/routing/explain/route-json.ts';
import { routeToText } from '../../compiler/routing/explain/route-text.ts';
import { type Command, commonOptions, UsageError } from '../command.ts';
import { defaultFile } from '../default-file.ts';
import { loadPlan } from '../load-plan.ts';
import { routeToMermaid } from '../route/route-mermaid.ts';
import { endpointOption, readRouteQuestion, refuseUnknownNames, suppositionOptions } from '../route/route-request.ts';

export const route: Command = {
  name: 'route',
  summary: 'where a message goes, rule by rule, and what its sender is told',
  usage: '[FILE] --from ADDRESS --to ADDRESS… [options]',
  description: `Takes an envelope through the configuration, by the same router that the server runs. Static tables and table files are really
looked up; checks pass unless they are told otherwise; what only a running server can know (SQL, LDAP) is followed both ways.
FILE is a configuration or a plan.`,
  options: [
    { name: 'from', value: 'ADDRESS', help: 'MAIL FROM; "" is the null sender of bounces' },
    { name: 'to', value: 'ADDRESS', repeat: true, help: 'RCPT TO; several times for several recipients' },
    endpointOption,
    { name: 'auth', value: 'USER', help: 'logged in as USER' },
    { name: 'ip', value: 'ADDRESS', help: 'address of the client' },
    ...suppositionOptions,
    { name: 'no-smtputf8', help: 'MAIL without SMTPUTF8, also where an address needs it' },
    commonOptions.json,
    { name: 'mermaid', help: 'as a Mermaid flowchart, for Markdown' },
    commonOptions.color,
  ],
  examples: [
    {
      command: 'maddyc route maddy.conf --from a@example.net --to postmaster@example.org',
      says: 'mail from outside to our postmaster',
    },
    {
      command: 'maddyc route --auth alice@example.org --from alice@example.org --to bob@example.net --json',
      says: 'what alice sends, for a program to read',
    },
    {
      command:
        'maddyc route --from a@example.net --to b@example.org --answer local_rewrites:b@example.org=c@example.org',
      says: 'as if the table "local_rewrites" held b@example.org',
    },
  ],
  exitCodes: [
    [0, 'the route is shown, wherever it leads'],
    [1, 'the configuration has errors'],
    [2, 'wrong use: no such file, no such endpoint, check or table, an option without its value'],
  ],
  docs: 'route.md',
  operands: 1,

  async run(invocation) {
    const { io, operands, has } = invocation;
    const question = readRouteQuestion(invocation);
    const loaded = await loadPlan(operands[0] ?? defaultFile(io), invocation);
    if (loaded === null) return 1;
    const { plan, host } = loaded;
    refuseUnknownNames(plan, question.suppositions);
    const result = explainRoute(plan, question.request, question.suppositions, host);
    if (!result.ok) throw noSuchEndpoint(question.request.endpoint, result.endpoints);
    const marks = io.stdout.isTerminal;
    if (has('json')) io.stdout.write(`${JSON.stringify(routeToJson(plan, result), null, 2)}\n`);
    else if (has('mermaid')) io.stdout.write(routeToMermaid(plan, result));
    else io.stdout.write(routeToText(plan, result, { marks }));
    return 0;
  },
};

export function noSuchEndpoint(asked: string | null, known: readonly string[]): UsageError {
  const names = known.length === 0 ? 'the configuration takes no mail' : `it has: ${known.join(', ')}`;
  return new UsageError(asked === null ? names : `no endpoint "${asked}"`, asked === null ? null : names);
}
