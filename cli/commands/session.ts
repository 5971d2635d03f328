import { endpointNames, takesMail } from '../../compiler/routing/explain/explain-route.ts';
import { type Command, commonOptions, type Invocation } from '../command.ts';
import { defaultFile } from '../default-file.ts';
import { loadPlan } from '../load-plan.ts';
import {
  clientAddress,
  endpointOption,
  readSuppositions,
  refuseUnknownNames,
  suppositionOptions,
} from '../route/route-request.ts';
import { linesOf, optionsFor, PlayedSession } from '../session/play-session.ts';
import { StaticBackend } from '../session/static-backend.ts';
import { noSuchEndpoint } from './route.ts';

export const session: Command = {
  name: 'session',
  summary: 'speak SMTP to a configuration, and see why it answers as it does',
  usage: '[FILE] [options]',
  description: `Takes SMTP or LMTP commands from the terminal or a pipe and gives the replies of the server that FILE makes, by the code that the
server runs. Lines with # say why: the rules that were tried, what becomes of the recipient, what was assumed. Every password is right, checks pass
unless they are told otherwise, and nothing is delivered.`,
  options: [
    endpointOption,
    { name: 'ip', value: 'ADDRESS', help: 'address of the client' },
    ...suppositionOptions,
    { ...commonOptions.quiet, help: 'replies only, without reasons' },
    commonOptions.color,
  ],
  examples: [
    { command: 'maddyc session maddy.conf', says: 'by hand: EHLO me, MAIL FROM:<…>, RCPT TO:<…>, QUIT' },
    {
      command:
        "printf 'EHLO me\\nMAIL FROM:<a@example.net>\\nRCPT TO:<b@example.org>\\nQUIT\\n' | maddyc session maddy.conf",
      says: 'from a script: lines of the client are marked C:, replies S:',
    },
    { command: 'maddyc session --endpoint submission --check authorize_sender=fail', says: 'how users see a refusal' },
  ],
  exitCodes: [
    [0, 'the session is over, whatever it said'],
    [1, 'the configuration has errors'],
    [2, 'wrong use: no such file, no such endpoint'],
  ],
  docs: 'session.md',
  operands: 1,

  async run(invocation) {
    const { io, operands, value, has } = invocation;
    const suppositions = readSuppositions(invocation);
    const loaded = await loadPlan(operands[0] ?? defaultFile(io), invocation);
    if (loaded === null) return 1;
    const { plan, host } = loaded;
    refuseUnknownNames(plan, suppositions);
    const endpoints = plan.endpoints.filter(takesMail);
    const wish = value('endpoint') ?? null;
    const names = endpoints.flatMap(endpointNames);
    const endpoint = endpoints.find(
      (each) => wish === null || each.module === wish || endpointNames(each).includes(wish),
    );
    if (endpoint === undefined) throw noSuchEndpoint(wish, names);
    const name = endpointNames(endpoint).find((each) => each === wish) ?? endpointNames(endpoint)[0] ?? endpoint.module;
    const ip = clientAddress(invocation) ?? '192.0.2.1';
    const voice = voiceOf(invocation);
    const options = optionsFor(endpoint);
    const backend = new StaticBackend({
      ...{ plan, host, ip, suppositions },
      endpoint: name,
      isLmtp: options.protocol === 'lmtp',
      marks: io.stdout.isTerminal,
      tell: voice.note,
    });
    if (!has('quiet')) voice.note(`${name}, client ${ip}`);
    const implicitTls = name.includes(' tls://');
    const played = new PlayedSession({ options, backend, ip, implicitTls, say: voice.say, note: voice.note });
    for await (const line of linesOf(io.stdinChunks())) {
      voice.heard(line);
      await played.line(line);
      if (played.ended || io.stdout.isUnread) break;
    }
    return 0;
  },
};

/** On a terminal the lines that were typed stand there already; a transcript needs them, and says who speaks. */
function voiceOf({ io, has }: Invocation): {
  readonly heard: (line: Buffer) => void;
  readonly say: (output: string) => void;
  readonly note: (line: string) => void;
} {
  const marks = !io.stdinIsTerminal;
  return {
    heard: (line) => {
      if (marks) io.stdout.write(`C: ${line.toString('utf8')}\n`);
    },
    say: (output) => {
      for (const line of output.split('\r\n').slice(0, -1)) io.stdout.write(`${marks ? 'S: ' : ''}${line}\n`);
    },
    note: (line) => {
      if (!has('quiet')) io.stdout.write(`# ${line}\n`);
    },
  };
}
