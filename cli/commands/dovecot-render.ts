import {
  type RenderedDovecot,
  type RenderOptions,
  renderDovecot,
  usualRenderOptions as usual,
} from '../../compiler/dovecot/render.ts';
import { type Command, commonOptions, type Invocation, UsageError } from '../command.ts';
import { defaultFile } from '../default-file.ts';
import { loadConfiguration } from '../load-plan.ts';
import { version } from '../version.ts';

export const dovecotRender: Command = {
  name: 'dovecot render',
  summary: 'the Dovecot configuration that fits: sockets, users, certificate',
  usage: '[FILE] [--dovecot-version 2.3|2.4] [options]',
  description: `Prints a whole dovecot.conf for the LMTP and auth sockets that the configuration connects to, with the certificate that it names.
Dovecot 2.4 writes most settings differently, and neither release starts with a file for the other: "dovecot --version" tells which one is there.`,
  options: [
    {
      name: 'dovecot-version',
      value: 'VERSION',
      usual: () => ['2.3', '2.4'],
      help: 'for 2.3 (as it is untold) or 2.4',
    },
    {
      name: 'user-db',
      value: 'WHERE',
      usual: () => ['passwd-file', 'system'],
      help: 'accounts: passwd-file (in /etc/dovecot/users), passwd-file:PATH, or system (by PAM)',
    },
    {
      name: 'names',
      value: 'FORM',
      choices: ['full', 'local'],
      help: 'account names: full (alice@example.org) or local (alice); local for system accounts',
    },
    { name: 'service-user', value: 'USER', help: 'account that runs the mail server (maddy)' },
    { name: 'service-group', value: 'GROUP', help: 'its group (named as the user)' },
    { name: 'mail', value: 'PATH', help: 'maildir of an account (~/Maildir)' },
    { name: 'postmaster', value: 'ADDRESS', help: 'otherwise postmaster at the first local domain' },
    { name: 'base-dir', value: 'PATH', help: "Dovecot's base_dir (/run/dovecot)" },
    commonOptions.json,
    commonOptions.quiet,
    commonOptions.color,
  ],
  examples: [
    { command: 'maddyc dovecot render maddy.conf', says: 'for Dovecot 2.3, accounts in a file' },
    {
      command: 'maddyc dovecot render --dovecot-version 2.4 maddy.conf > /etc/dovecot/dovecot.conf',
      says: 'for Dovecot 2.4, as in Debian 13',
    },
    { command: 'maddyc dovecot render --user-db system maddy.conf', says: 'accounts of the system' },
  ],
  exitCodes: [
    [0, 'printed'],
    [1, 'the configuration has errors, or connects to no Dovecot'],
    [2, 'wrong use: no such file, a version that is not known'],
  ],
  docs: 'dovecot.md',
  operands: 1,

  async run(invocation) {
    const { has, io, operands } = invocation;
    const path = operands[0] ?? defaultFile(io);
    const options = readOptions(invocation);
    const loaded = await loadConfiguration(path, invocation);
    if (loaded === null) return 1;
    const rendered = renderDovecot(loaded.analysis, options);
    if (rendered === null) {
      io.stderr.write(
        `${path}: it delivers to no target.lmtp and has no dovecot_sasl: there is nothing for Dovecot to do\n  maddyc dovecot migrate ${path} brings them in\n`,
      );
      return 1;
    }
    if (has('json')) io.stdout.write(`${JSON.stringify(renderedJson(rendered, options), null, 2)}\n`);
    else io.stdout.write(rendered.text);
    if (!has('quiet')) for (const note of rendered.notes) io.stderr.write(`note: ${note}\n`);
    return 0;
  },
};

function readOptions({ value }: Invocation): RenderOptions {
  const { release, configVersion } = readRelease(value('dovecot-version') ?? '2.3');
  const users = readUsers(value('user-db') ?? 'passwd-file');
  const names = value('names') ?? (users.kind === 'system' ? 'local' : 'full');
  const serviceUser = oneWord('service-user', value('service-user') ?? usual.serviceUser);
  return {
    release,
    configVersion,
    users,
    accountNames: names === 'local' ? 'local' : 'full',
    baseDirectory: oneWord('base-dir', value('base-dir') ?? usual.baseDirectory).replace(/\/+$/, ''),
    serviceUser,
    serviceGroup: oneWord('service-group', value('service-group') ?? serviceUser),
    mailDirectory: oneWord('mail', value('mail') ?? usual.mailDirectory),
    postmaster: value('postmaster') === undefined ? null : oneWord('postmaster', value('postmaster') ?? ''),
  };
}

/** Whatever `dovecot --version` prints is taken. */
function readRelease(text: string): Pick<RenderOptions, 'release' | 'configVersion'> {
  if (/^2\.3(\D|$)/.test(text)) return { release: '2.3', configVersion: '2.3' };
  const patch = /^2\.4(?:\.(\d+))?(?!\d)/.exec(text);
  if (patch !== null) return { release: '2.4', configVersion: `2.4.${patch[1] ?? '0'}` };
  throw new UsageError(`--dovecot-version ${text}: known are 2.3 and 2.4`);
}

function readUsers(text: string): RenderOptions['users'] {
  if (text === 'system') return { kind: 'system' };
  const [, path = usual.users.path] = /^passwd-file(?::(\/\S+))?$/.exec(text) ?? [null, ''];
  if (path === '') throw new UsageError(`--user-db ${text}: known are passwd-file, passwd-file:/PATH and system`);
  return { kind: 'passwd-file', path };
}

/** It becomes part of Dovecot's file, where a blank or a brace would mean something else. */
function oneWord(option: string, text: string): string {
  if (!/^[^\s{}#"<]+$/.test(text)) throw new UsageError(`--${option} "${text}": one word is needed`);
  return text;
}

/** Fields are only ever added within a version. */
function renderedJson({ text, notes, listeners }: RenderedDovecot, { release }: RenderOptions): unknown {
  return {
    version: 1,
    tool: { name: 'maddyc', version },
    dovecot: release,
    listeners: listeners.map(({ service, address }) => ({ service, address })),
    text,
    notes,
  };
}
