import type { Method } from '../method.ts';
import {
  compileMethod,
  expandedTextMethod,
  graphMethod,
  mailTestOutlineMethod,
  migrateMethod,
  routeMethod,
  runMailTestMethod,
} from '../protocol.ts';

/** Requests of ours that an editor without a client of ours can send as commands: `maddyc.route` with the parameters as its argument. */
const methods = [
  compileMethod,
  expandedTextMethod,
  graphMethod,
  mailTestOutlineMethod,
  migrateMethod,
  routeMethod,
  runMailTestMethod,
] as const;

const commandOf = (method: string): string => method.replace('maddy/', 'maddyc.');

export const executeCommand: Method = {
  capabilities: () => ({ executeCommandProvider: { commands: methods.map(commandOf) } }),

  register({ connection, answers }) {
    connection.onExecuteCommand(async ({ command, arguments: given = [] }) => {
      const method = methods.find((each) => commandOf(each) === command);
      const answer = method === undefined ? undefined : answers.get(method);
      return answer === undefined ? null : answer(given[0]);
    });
  },
};
