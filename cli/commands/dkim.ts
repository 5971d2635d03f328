import { type Command, commonOptions, type Invocation, UsageError } from '../command.ts';
import { defaultFile } from '../default-file.ts';
import { rotate } from '../dkim/rotate.ts';
import { show } from '../dkim/show.ts';
import { algorithmOf, type Signing, signingsOf } from '../dkim/signing.ts';
import { loadPlan } from '../load-plan.ts';

export const dkim: Command = {
  name: 'dkim',
  summary: 'keys that mail is signed with: show them, change them',
  usage: 'show [FILE] | rotate [FILE] [--selector NAME]  [options]',
  description: `show prints the TXT record of each key that modify.dkim signs with. rotate makes new keys under a new selector beside the old ones
and says what to do then, in an order in which no mail has a signature that nobody can verify.`,
  options: [
    {
      name: 'selector',
      value: 'NAME',
      help: 'rotate: name of the new keys; default: s and the date, such as s20261122',
    },
    { name: 'domain', value: 'NAME', repeat: true, help: 'only this domain' },
    {
      name: 'algorithm',
      value: 'ALGO',
      choices: ['rsa2048', 'rsa4096', 'ed25519'],
      help: 'rotate: kind of the new keys; default: newkey_algo of the configuration',
    },
    commonOptions.json,
    commonOptions.color,
  ],
  examples: [
    { command: 'maddyc dkim show maddy.conf', says: 'what has to stand in DNS' },
    { command: 'maddyc dkim rotate maddy.conf', says: 'new keys, and what to do with them' },
    {
      command: 'maddyc dkim rotate --domain example.org --selector 2027a maddy.conf',
      says: 'for one domain, under a name of your own',
    },
  ],
  exitCodes: [
    [0, 'done'],
    [1, 'a key cannot be read or written, or the configuration has errors'],
    [2, 'wrong use: no such domain, a key that is there already'],
  ],
  docs: 'dkim.md',
  operands: 2,
  operandWords: () => [
    { word: 'show', says: 'the TXT record of each key' },
    { word: 'rotate', says: 'new keys beside the old ones' },
  ],

  async run(invocation) {
    const { io, operands, value } = invocation;
    const [action, path] = operands;
    if (action !== 'show' && action !== 'rotate') {
      throw new UsageError(action === undefined ? 'dkim what?' : `dkim has no action "${action}"`, 'show or rotate');
    }
    const loaded = await loadPlan(path ?? defaultFile(io), invocation);
    if (loaded === null) return 1;
    const signings = chosen(signingsOf(loaded.plan), invocation);
    if (action === 'show') return show(signings, invocation);
    const algorithm = value('algorithm');
    const selector = value('selector') ?? `s${new Date().toISOString().slice(0, 10).replaceAll('-', '')}`;
    if (!/^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i.test(selector)) {
      throw new UsageError(
        `${selector} is no selector`,
        'it is part of a name in DNS: letters, digits, hyphens inside',
      );
    }
    try {
      return await rotate(signings, selector, algorithm === undefined ? null : algorithmOf(algorithm), invocation);
    } catch (error) {
      if (!(error instanceof Error) || !('code' in error)) throw error;
      io.stderr.write(`error: ${error.message}\n`);
      return 1;
    }
  },
};

function chosen(signings: readonly Signing[], { values }: Invocation): readonly Signing[] {
  if (signings.length === 0) throw new UsageError('nothing is signed: the configuration has no modify.dkim');
  const wanted = values('domain');
  if (wanted.length === 0) return signings;
  for (const name of wanted) {
    if (!signings.some(({ domain }) => domain.toLowerCase() === name.toLowerCase())) {
      throw new UsageError(
        `no modify.dkim signs for ${name}`,
        `signed: ${signings.map(({ domain }) => domain).join(', ')}`,
      );
    }
  }
  return signings.filter(({ domain }) => wanted.some((name) => name.toLowerCase() === domain.toLowerCase()));
}
