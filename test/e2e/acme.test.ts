import { resolveTxt, setServers } from 'node:dns/promises';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type PeerCertificate } from 'node:tls';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { freePort } from '../kit/free-port.ts';
import { ServerProcess } from '../kit/server-process.ts';
import { describeWithServices, type Service, startService } from '../kit/services.ts';

describeWithServices('certificates by ACME', ['acme'], () => {
  let ca: Service;
  let directory: string;

  beforeAll(async () => {
    ca = await startService('acme');
    directory = await mkdtemp(join(tmpdir(), 'maddyc-acme-'));
  });
  afterAll(async () => {
    await ca?.dispose();
    await rm(directory, { recursive: true, force: true });
  });

  async function configure(name: string, key: string): Promise<{ file: string; port: number }> {
    const port = await freePort();
    const file = join(directory, `${name}.conf`);
    await writeFile(
      file,
      `hostname mx.example.test
state_dir ${directory}/${name}
runtime_dir ${directory}/run
smtp tls://127.0.0.1:${port} {
    tls {
        loader acme {
            extra_names other.example.test
            email hostmaster@example.test
            agreed
            ca ${ca.env.ACME_URL}
            challenge dns-01
            dns rfc2136 {
                server 127.0.0.1:${ca.env.DNS_PORT}
                key_name ${ca.env.TSIG_NAME}
                key "${key}"
                key_alg hmac-sha256
            }
        }
    }
    deliver_to dummy
}
`,
    );
    return { file, port };
  }

  async function start(file: string): Promise<ServerProcess> {
    const server = await ServerProcess.start(['-config', file, 'run'], { NODE_EXTRA_CA_CERTS: ca.env.ACME_CA ?? '' });
    // Also after an expectation that failed: nothing stays behind.
    onTestFinished(async () => {
      await server.stop();
    });
    return server;
  }

  it('orders one for each name, serves it, and takes it from disk after a restart', async () => {
    const { file, port } = await configure('good', ca.env.TSIG_KEY ?? '');
    const server = await start(file);
    await server.logged(/certificate obtained\t.*"mx\.example\.test"/);
    await server.logged(/certificate obtained\t.*"other\.example\.test"/);
    const first = await certificateFor(port, 'mx.example.test');
    expect(first.subjectaltname).toBe('DNS:mx.example.test');
    expect(first.issuer.CN).toMatch(/^Pebble Intermediate/);
    expect((await certificateFor(port, 'other.example.test')).subjectaltname).toBe('DNS:other.example.test');
    await server.stop();
    expect(server.log).not.toContain(ca.env.TSIG_KEY);

    const [caDirectory = ''] = await readdir(join(directory, 'good/acme/certificates'));
    expect(await readdir(join(directory, 'good/acme/certificates', caDirectory, 'mx.example.test'))).toEqual(
      ['crt', 'json', 'key'].map((extension) => `mx.example.test.${extension}`),
    );
    setServers([`127.0.0.1:${ca.env.DNS_PORT}`]);
    await expect(resolveTxt('_acme-challenge.mx.example.test')).rejects.toMatchObject({ code: 'ENOTFOUND' });

    const again = await start(file);
    const second = await untilServed(port, 'mx.example.test');
    expect(second.fingerprint256).toBe(first.fingerprint256);
    await again.stop();
    expect(again.log).not.toContain('certificate obtained');
  }, 60_000);

  it('says what the name server has against the key', async () => {
    const { file } = await configure('bad', Buffer.from('another key').toString('base64'));
    const server = await start(file);
    await server.logged(/certificate not obtained\t/);
    await server.stop();
    expect(server.log).toMatch(/refused to change example\.test: .*the server does not know the key/);
  }, 60_000);
});

function certificateFor(port: number, servername: string): Promise<PeerCertificate> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, servername, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate());
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

/** Certificates are read while the server starts: handshakes fail for a moment. */
async function untilServed(port: number, servername: string): Promise<PeerCertificate> {
  for (;;) {
    try {
      return await certificateFor(port, servername);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
