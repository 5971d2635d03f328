import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, test } from 'vitest';
import { escapeFilterValue, escapeNameValue, fillTemplate } from '../../../runtime/ldap/names.ts';
import type { AuthRequest } from '../../../runtime/module.ts';
import { authLdap, tableLdap } from '../../../runtime/modules/auth/ldap.ts';
import { createSelfSigned } from '../../../runtime/tls/self-signed.ts';
import { freePort } from '../../kit/free-port.ts';
import { moduleContext } from '../../kit/modules.ts';
import { describeWithServices, type Service, startService } from '../../kit/services.ts';

test('a user name cannot be more than a value', () => {
  expect(escapeFilterValue('*)(uid=\\\0')).toBe('\\2a\\29\\28uid=\\5c\\00');
  expect(escapeNameValue(' a,b+c"<>;=\\d ')).toBe('\\ a\\,b\\+c\\"\\<\\>\\;\\=\\\\d\\ ');
  expect(escapeNameValue('#a')).toBe('\\#a');
  expect(fillTemplate('uid={username},cn={username}', '$&')).toBe('uid=$&,cn=$&');
});

const request = (user: string, password: string): AuthRequest => ({
  user,
  password,
  remote: null,
  local: null,
  secured: true,
});

const timeouts = { connect_timeout: 5_000, request_timeout: 5_000 };
const off = { mechanism: 'off' } as const;

describeWithServices('auth.ldap with OpenLDAP', ['slapd'], () => {
  let slapd: Service;
  let ca: string;
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'mc-ldap-'));
    await chmod(directory, 0o755);
    const { cert, key } = createSelfSigned(['127.0.0.1']);
    ca = join(directory, 'cert.pem');
    const keyPath = join(directory, 'key.pem');
    await writeFile(ca, cert);
    // slapd reads it as an ordinary user.
    await writeFile(keyPath, key, { mode: 0o644 });
    slapd = await startService('slapd', { SLAPD_TLS: `${ca}:${keyPath}` });
  });
  afterAll(async () => {
    await slapd?.dispose();
    await rm(directory, { recursive: true, force: true });
  });

  function byTemplate() {
    return {
      urls: [slapd.env.LDAP_URL ?? ''],
      bind: off,
      starttls: false,
      dn_template: 'uid={username},ou=people,dc=example,dc=org',
      debug: false,
      ...timeouts,
    };
  }

  function bySearch() {
    return {
      urls: [slapd.env.LDAP_URL ?? ''],
      bind: { mechanism: 'plain', dn: slapd.env.ADMIN_DN ?? '', password: slapd.env.ADMIN_PW ?? '' } as const,
      starttls: false,
      base_dn: 'dc=example,dc=org',
      filter: '(&(objectClass=inetOrgPerson)(mail={username}))',
      debug: false,
      ...timeouts,
    };
  }

  async function kinds(config: Parameters<typeof authLdap.create>[0], ...attempts: [string, string][]) {
    const { auth, stop } = authLdap.create(config, moduleContext().context);
    const verdicts: (string | undefined)[] = [];
    for (const [user, password] of attempts) verdicts.push((await auth?.authenticate(request(user, password)))?.kind);
    await stop?.(0);
    return verdicts;
  }

  it('by template: the right password, a wrong one, none at all, nobody, somebody with characters of its own', async () => {
    const attempts: [string, string][] = [
      ['alice', 'alicepw'],
      ['alice', 'bobpw'],
      ['alice', ''],
      ['carol', 'x'],
      ['alice,ou=people', 'alicepw'],
    ];
    expect(await kinds(byTemplate(), ...attempts)).toEqual(['accepted', 'refused', 'refused', 'refused', 'refused']);
  });

  it('by search, over a connection that is kept', async () => {
    const attempts: [string, string][] = [
      ['alice@example.org', 'alicepw'],
      ['alice@example.org', 'wrong'],
      ['bob@example.org', 'bobpw'],
      ['nobody@example.org', 'x'],
      // Would find more than one.
      ['*', 'alicepw'],
    ];
    expect(await kinds(bySearch(), ...attempts)).toEqual(['accepted', 'refused', 'accepted', 'refused', 'refused']);
  });

  it('more than one entry is nobody', async () => {
    expect(await kinds({ ...bySearch(), filter: '(objectClass=inetOrgPerson)' }, ['alice', 'alicepw'])).toEqual([
      'refused',
    ]);
  });

  it('StartTLS, ldaps and a socket', async () => {
    const tls_client = { root_ca: [ca] };
    const urls = [`ldaps://127.0.0.1:${slapd.env.LDAPS_PORT}`];
    const good: [string, string] = ['alice', 'alicepw'];
    expect(await kinds({ ...byTemplate(), starttls: true, tls_client }, good)).toEqual(['accepted']);
    expect(await kinds({ ...byTemplate(), urls, tls_client }, good)).toEqual(['accepted']);
    expect(await kinds({ ...byTemplate(), urls: [slapd.env.LDAPI_URL ?? ''] }, good)).toEqual(['accepted']);
    // A certificate that nobody vouches for.
    expect(await kinds({ ...byTemplate(), urls }, good)).toEqual(['temporary']);
    expect(await kinds({ ...byTemplate(), starttls: true }, good)).toEqual(['temporary']);
  });

  it('the first server that can be reached is asked; none at all is a temporary failure', async () => {
    const dead = `ldap://127.0.0.1:${await freePort()}`;
    expect(await kinds({ ...byTemplate(), urls: [dead, slapd.env.LDAP_URL ?? ''] }, ['alice', 'alicepw'])).toEqual([
      'accepted',
    ]);
    expect(await kinds({ ...bySearch(), urls: [dead] }, ['alice@example.org', 'alicepw'])).toEqual(['temporary']);
  });

  it('is found again after a restart', async () => {
    const { auth, stop } = authLdap.create(bySearch(), moduleContext().context);
    const login = async () => (await auth?.authenticate(request('alice@example.org', 'alicepw')))?.kind;
    expect(await login()).toBe('accepted');
    const port = slapd.env.LDAP_PORT ?? '';
    await slapd.stop();
    expect(await login()).toBe('temporary');
    await slapd.start({ SLAPD_PORT: port });
    expect(await login()).toBe('accepted');
    await stop?.(0);
  });

  it('as a table it gives the name of the entry', async () => {
    const { table, stop } = tableLdap.create(bySearch(), moduleContext().context);
    expect(await table?.lookup('bob@example.org')).toEqual(['uid=bob,ou=people,dc=example,dc=org']);
    expect(await table?.lookup('x@example.org')).toEqual([]);
    await stop?.(0);
  });
});
