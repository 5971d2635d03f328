import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AuthProvider } from '../../../runtime/module.ts';
import { external } from '../../../runtime/modules/auth/external.ts';
import { AuthHelper } from '../../../runtime/modules/auth/helper.ts';
import { pam } from '../../../runtime/modules/auth/pam.ts';
import { parseShaCrypt, shaCrypt } from '../../../runtime/modules/auth/sha-crypt.ts';
import { ShadowFile, shadow } from '../../../runtime/modules/auth/shadow.ts';
import { eventually } from '../../kit/eventually.ts';
import { moduleContext } from '../../kit/modules.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'maddyc-helpers-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** A program that knows one pair and falls over for `temp`. */
function writeHelper(name: string): string {
  const path = join(directory, name);
  writeFileSync(
    path,
    `#!/bin/sh
read -r u; read -r p
[ "$u" = temp ] && { echo "no database" >&2; exit 2; }
[ "$u:$p" = "ann:se cret" ] || [ "$u:$p" = "ann@x.test:se cret" ]
`,
  );
  chmodSync(path, 0o755);
  return path;
}

async function ask(auth: AuthProvider | undefined, user: string, password = 'se cret'): Promise<string> {
  const verdict = await auth?.authenticate({ user, password, remote: null, local: null, secured: true });
  if (verdict === undefined) throw new Error('no provider');
  return verdict.kind === 'accepted' ? 'accepted' : `${verdict.kind}: ${verdict.reason}`;
}

describe('a helper that does not end', () => {
  /** The helper's own child holds its standard error. */
  function slowHelper(): string {
    const path = join(directory, 'slow');
    writeFileSync(path, `#!/bin/sh\nsleep 600 &\necho $! > ${directory}/pid\nwait\n`);
    chmodSync(path, 0o755);
    return path;
  }
  const request = { user: 'ann', password: 'pw', remote: null, local: null, secured: true };

  async function startedChild(): Promise<number> {
    await eventually(() => existsSync(join(directory, 'pid')) && readFileSync(join(directory, 'pid'), 'utf8') !== '');
    return Number(readFileSync(join(directory, 'pid'), 'utf8'));
  }

  test('is ended with all that it has started, when its time is over', async () => {
    const verdict = new AuthHelper(slowHelper(), 300).ask('ann', request);
    const pid = await startedChild();
    expect(await verdict).toMatchObject({ kind: 'temporary' });
    await eventually(() => !existsSync(`/proc/${pid}`));
  });

  test('ends with the server', async () => {
    const { auth, stop } = external.create(
      { perdomain: false, debug: false, helper: slowHelper() },
      moduleContext().context,
    );
    const verdict = auth?.authenticate(request);
    const pid = await startedChild();
    await stop?.(0);
    expect(await verdict).toMatchObject({ kind: 'temporary' });
    await eventually(() => !existsSync(`/proc/${pid}`));
  });
});

describe('auth.external', () => {
  function provider(config: { perdomain?: boolean; domains?: string[] }) {
    const helper = writeHelper('helper');
    return external.create({ perdomain: false, debug: false, helper, ...config }, moduleContext().context).auth;
  }

  test('exit codes: accepted, refused, anything else is no answer', async () => {
    const auth = provider({});
    expect(await ask(auth, 'ann')).toBe('accepted');
    expect(await ask(auth, 'ann', 'wrong')).toMatch(/^refused/);
    expect(await ask(auth, 'temp')).toMatch(/^temporary: .*ended with 2: no database$/);
    expect(await ask(auth, 'ann\nse cret')).toMatch(/^refused: .*line break/);
  });

  test.each([
    [{}, 'ann@x.test', 'refused'],
    [{ domains: ['X.test'] }, 'ann@x.test', 'accepted'],
    [{ domains: ['x.test'] }, 'ann', 'accepted'],
    [{ domains: ['x.test'] }, 'ann@y.test', 'refused'],
    [{ perdomain: true, domains: ['x.test'] }, 'ann@x.test', 'accepted'],
    [{ perdomain: true, domains: ['x.test'] }, 'ann', 'refused'],
    [{ perdomain: true, domains: ['x.test'] }, 'ann@x.test@x.test', 'refused'],
  ])('%j: %s is %s', async (config, user, kind) => {
    expect(await ask(provider(config), user)).toMatch(new RegExp(`^${kind}`));
  });

  test('a helper that is not there is an error at load, one that cannot run is no answer', async () => {
    const config = { perdomain: false, debug: false };
    expect(() => external.create({ ...config, helper: '/nonexistent/x' }, moduleContext().context)).toThrow(
      "/nonexistent/x doesn't exist",
    );
    const path = join(directory, 'no-program');
    writeFileSync(path, '');
    const { auth } = external.create({ ...config, helper: path }, moduleContext().context);
    expect(await ask(auth, 'ann')).toMatch(/^temporary: .*EACCES/);
  });

  test('the usual helper is that of the libexec directory', async () => {
    writeHelper('maddy-auth-helper');
    const { auth } = external.create(
      { perdomain: false, debug: false },
      moduleContext({ libexecDir: directory }).context,
    );
    expect(await ask(auth, 'ann')).toBe('accepted');
  });
});

test('pam and shadow ask their helpers, and say where they looked for them', async () => {
  const { context } = moduleContext({ libexecDir: directory });
  const config = { debug: false, use_helper: true };
  expect(() => pam.create(config, context)).toThrow(`no helper binary (maddy-pam-helper) found in ${directory}`);
  expect(() => pam.create({ ...config, use_helper: false }, context)).toThrow('use helper binary');
  writeHelper('maddy-pam-helper');
  writeHelper('maddy-shadow-helper');
  expect(await ask(pam.create(config, context).auth, 'ann@x.test')).toBe('accepted');
  expect(await ask(shadow.create(config, context).auth, 'ann')).toBe('accepted');
});

describe('SHA-crypt', () => {
  // As other implementations of it have them.
  test.each([
    ['$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5', 'Hello world!'],
    ['$5$rounds=10000$saltstringsaltst$3xv.VbSHBb41AL9AvLeujZkZRBAwqFMz2.opqey6IcA', 'Hello world!'],
    [
      '$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1',
      'Hello world!',
    ],
    [
      '$6$rounds=1400$anotherlongsaltstring$POfYwTEok97VWcjxIiSOjiykti.o/pQs.wPvMxQ6Fm7I6IoYN3CmLs66x9t0oSwbtEW7o7UmJEiDwGqd8p4ur1',
      'a very much longer text to encrypt.  This one even stretches over morethan one line.',
    ],
  ])('%s', async (stored, password) => {
    const parsed = parseShaCrypt(stored);
    if (parsed === null) throw new Error('not parsed');
    expect(await shaCrypt(password, parsed)).toBe(parsed.hash);
    expect(await shaCrypt(`${password} `, parsed)).not.toBe(parsed.hash);
  });

  test.each(['!', '*', '', '!$6$a$b', '$y$j9T$x$y', '$6$nohash$'])('%j is none', (stored) => {
    expect(parseShaCrypt(stored)).toBeNull();
  });
});

describe('accounts of the system', () => {
  const hash = '$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5';
  const today = Math.floor(Date.now() / 86_400_000);

  test.each([
    [`u:${hash}:19000:0:99999:7:::`, 'accepted'],
    [`u:${hash}:19000::::::`, 'accepted'],
    [`u:${hash}:19000:0:99999:7::${today}:`, 'refused: the account has expired'],
    [`u:${hash}:${today - 40}:0:30:7:::`, 'refused: the password has expired'],
    [`u:${hash}:${today - 40}:0:30:7:20::`, 'accepted'],
    [`u:${hash}:0:0:99999:7:::`, 'refused: the password has to be changed first'],
    [`u:!${hash}:19000:0:99999:7:::`, 'refused: the account has no password'],
    ['u::19000:0:99999:7:::', 'refused: the account has no password'],
    ['u:$y$j9T$abc$def:19000:0:99999:7:::', 'refused: the password of the account is hashed by an algorithm'],
    [`other:${hash}:19000:0:99999:7:::`, 'refused: unknown credentials'],
  ])('%s', async (line, expected) => {
    const path = join(directory, 'shadow');
    writeFileSync(path, `root:*:19000:0:99999:7:::\n${line}\n`);
    expect((await ask(new ShadowFile(path), 'u', 'Hello world!')).startsWith(expected)).toBe(true);
    expect(await ask(new ShadowFile(path), 'u', 'wrong')).toMatch(/^refused/);
  });

  test('a file that cannot be read is no answer', async () => {
    expect(await ask(new ShadowFile(join(directory, 'none')), 'u')).toMatch(
      /^temporary: open .*none: no such file or directory/,
    );
  });
});
