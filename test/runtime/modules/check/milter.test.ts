import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, test, vi } from 'vitest';
import { PacketReader, texts, writePacket } from '../../../../runtime/milter/packet.ts';
import { type Mail, ServerWithMaildir } from '../../../kit/mail-server.ts';
import { type MilterScript, ScriptedMilter } from '../../../kit/milter.ts';
import { WireClient } from '../../../kit/wire-client.ts';

let server: ServerWithMaildir | null = null;
let milter: ScriptedMilter | null = null;
afterEach(async () => {
  await server?.stop();
  await milter?.stop();
  server = null;
  milter = null;
});

/** The reply to one message, with `ID` for its id; the packets are the milter's. */
async function reply(script: MilterScript, mail: Mail = {}, directives = ''): Promise<string> {
  milter = await ScriptedMilter.start(script);
  return send(`milter ${milter.address} {\n${directives}\n}`, mail);
}

async function send(check: string, mail: Mail = {}): Promise<string> {
  server = await ServerWithMaildir.start(`check {\n ${check}\n }`, {});
  return (await server.send(mail)).replace(/\(msg ID = [0-9a-f]{8}\)/, '(ID)');
}

const accepted = '250 2.0.0 OK: queued';
const numbered = (at: number, ...values: readonly string[]): Buffer => {
  const number = Buffer.alloc(4);
  number.writeUInt32BE(at);
  return Buffer.concat([number, texts(...values)]);
};
const c = writePacket('c');

describe('the dialogue', () => {
  it('is the one that maddy has', async () => {
    const file = new URL('../../../vectors/mta-samples/milter-packets.json', import.meta.url);
    const recorded: { packets: string[] } = JSON.parse(readFileSync(file, 'utf8'));
    const lines = [
      'From: <from@sender.test>',
      'To: <to@example.test>',
      'Subject: Hello',
      'Message-Id: <abc@sender.test>',
      '',
      'Hi there',
    ];
    expect(await reply({}, { from: 'from@sender.test', to: ['to@example.test'], lines })).toBe(accepted);
    const shown = (packet: string): string =>
      packet
        .replace(/^(C[^|]*\|4)../s, '$1PP')
        .replace(/^(DMi\|)[0-9a-f]{8}/, '$1ID')
        // Milters look for long names in braces; maddy's they do not find.
        .replace(/\{(\w+)\}/g, '$1')
        .replaceAll('|maddyc|', '|maddy|');
    const wanted = recorded.packets.map((packet) =>
      shown(
        packet
          .replace(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
          .replaceAll('\\r\\n', '\r\n')
          .replaceAll('\0', '|'),
      ),
    );
    const told = (milter?.packets ?? []).map(shown);
    const commands = (packets: readonly string[]) => packets.filter((packet) => !/^[DO]/.test(packet));
    // The first says what may be changed: more than maddy offers, or OpenDKIM would not talk to us.
    expect(commands(told)).toEqual(commands(wanted));
    for (const macros of wanted.filter((packet) => packet.startsWith('D'))) {
      const pairs = macros.slice(2).match(/[^|]*\|[^|]*\|/g) ?? [];
      const same = told.find((packet) => packet.startsWith(macros.slice(0, 2))) ?? '';
      expect(pairs.filter((pair) => !same.includes(pair))).toEqual([]);
    }
  });

  it('tells what programs ask for about server, client, login and addresses', async () => {
    const zones = {
      '9.0.0.127.in-addr.arpa.': { PTR: ['own.client.test.'] },
      'own.client.test.': { A: ['127.0.0.9'] },
      '8.0.0.127.in-addr.arpa.': { PTR: ['bank.test.'] },
      'bank.test.': { A: ['192.0.2.1'] },
    };
    milter = await ScriptedMilter.start();
    server = await ServerWithMaildir.start(`check {\n milter ${milter.address}\n }`, zones);
    const macros = (command: string): string | undefined =>
      milter?.packets.findLast((packet) => packet.startsWith(`D${command}`))?.replace(/port}\|\d+/, 'port}|PORT');
    await server.send({ source: '127.0.0.9' });
    expect(macros('C')).toBe(
      'DCj|mx.test|v|maddyc|{daemon_name}|maddyc|{if_name}|unknown|{if_addr}|0.0.0.0|_|own.client.test [127.0.0.9]|' +
        '{client_name}|own.client.test|{client_ptr}|own.client.test|{client_addr}|127.0.0.9|{client_port}|PORT|',
    );
    expect(macros('M')).toMatch(/^DMi\|[0-9a-f]{8}\|\{mail_addr\}\|a@x\.test\|$/);
    expect(macros('R')).toBe('DR{rcpt_addr}|b@y.test|');
    await server.send({ source: '127.0.0.8' });
    expect(macros('C')).toContain('_|unknown [127.0.0.8]|{client_name}|unknown|{client_ptr}|bank.test|');
  });

  it('tells of encryption and login', async () => {
    milter = await ScriptedMilter.start();
    server = await ServerWithMaildir.start(
      `tls self_signed mx.test\n auth dummy\n check {\n milter ${milter.address}\n }`,
      {},
    );
    const client = await WireClient.connect(server.port);
    await client.reply();
    await client.say('EHLO client.test');
    await client.say('STARTTLS');
    await client.startTls();
    for (const line of [
      'EHLO client.test',
      'AUTH PLAIN AGFubgBzZWNyZXQ=',
      'MAIL FROM:<a@x.test>',
      'RCPT TO:<b@y.test>',
    ])
      expect(await client.say(line)).toMatch(/^2/);
    client.destroy();
    const told = milter.packets
      .filter((packet) => /^D[HM]/.test(packet))
      .map((packet) => packet.slice(0, -1).split('|'));
    expect(told[0]?.join(' ')).toBe('DH{tls_version} TLSv1.3 {cipher} TLS_AES_256_GCM_SHA384 {cipher_bits} 256');
    expect(told[1]?.slice(2)).toEqual(['{auth_type}', 'PLAIN', '{auth_authen}', 'ann', '{mail_addr}', 'a@x.test']);
  });

  it('is the whole one with a milter that gives the offer back as it was', async () => {
    const offered = await ScriptedMilter.start();
    milter = offered;
    await send(`milter ${offered.address}`);
    const offer = Number.parseInt(offered.packets[0]?.slice(-8) ?? '', 16);
    await server?.stop();
    await offered.stop();
    expect(await reply({ protocol: offer })).toBe(accepted);
    expect(milter?.packets.map((packet) => packet[0]).join('')).toBe('ODCHDMDRLLNBEAQ');
  });

  it('leaves out what the milter does not want to see', async () => {
    // No connect, helo, header, end of header, body; no answers to the rest.
    const protocol = 0x01 | 0x02 | 0x20 | 0x40 | 0x10 | 0x4000 | 0x8000;
    expect(await reply({ protocol, answers: { M: [], R: [] } })).toBe(accepted);
    expect(milter?.packets.map((packet) => packet[0]).join('')).toBe('ODMDREAQ');
  });

  it('tells values as they are to milters that want blanks', async () => {
    const lines = ['Subject:  a', '\tb', 'X:c', '', 'Hi'];
    await reply({ protocol: 0x100000 }, { lines });
    expect(milter?.packets.filter((packet) => packet.startsWith('L'))).toEqual(['LSubject|  a\n\tb|', 'LX|c|']);
  });

  it('stops with the body when the milter has seen enough', async () => {
    const lines = ['Subject: s', '', ...Array.from({ length: 30_000 }, () => 'a long line of a long body')];
    expect(await reply({ protocol: 0x400, answers: { B: [writePacket('s')] } }, { lines })).toBe(accepted);
    expect(milter?.packets.filter((packet) => packet.startsWith('B'))).toHaveLength(1);
  });

  it('ends where the milter accepts', async () => {
    expect(await reply({ answers: { M: [writePacket('a')] } })).toBe(accepted);
    await vi.waitFor(() => expect(milter?.open).toBe(0));
    expect(milter?.packets.map((packet) => packet[0]).join('')).toBe('ODCHDMAQ');
  });

  it('ends when the client goes away', async () => {
    milter = await ScriptedMilter.start();
    server = await ServerWithMaildir.start(`check {\n milter ${milter.address}\n }`, {});
    await server.abandon();
    await vi.waitFor(() => expect([milter?.open, milter?.packets.at(-1)]).toEqual([0, 'Q']));
  });
});

describe('what it decides', () => {
  test.each<readonly [string, NonNullable<MilterScript['answers']>, string]>([
    ['reject', { E: [writePacket('r')] }, '550 5.7.1 Message rejected due to local policy (ID)'],
    ['reject at the sender', { M: [writePacket('r')] }, '550 5.7.1 Message rejected due to local policy (ID)'],
    ['reject a recipient', { R: [writePacket('r')] }, '550 5.7.1 Message rejected due to local policy (ID)'],
    ['tempfail', { B: [writePacket('t')] }, '450 4.7.1 Message rejected due to local policy (ID)'],
    ['discard', { E: [writePacket('d')] }, '450 4.7.1 Message rejected due to local policy (ID)'],
    [
      'a reply',
      { N: [writePacket('y', texts('554 5.6.7 custom text'))] },
      '554 5.7.1 Message rejected due to local policy (ID)',
    ],
    // Its class is that of the code (D7).
    [
      'a temporary reply',
      { E: [writePacket('y', texts('451 later'))] },
      '451 4.7.1 Message rejected due to local policy (ID)',
    ],
    [
      'progress, then reject',
      { E: [writePacket('p'), writePacket('p'), writePacket('r')] },
      '550 5.7.1 Message rejected due to local policy (ID)',
    ],
  ])('%s', async (_, answers, expected) => {
    expect(await reply({ answers })).toBe(expected);
    await vi.waitFor(() => expect(milter?.open).toBe(0));
  });

  it('adds fields, later ones above earlier ones', async () => {
    const E = [writePacket('h', texts('X-Mil', 'val')), writePacket('i', numbered(3, 'X-Ins', 'v2\n\tfolded')), c];
    expect(await reply({ answers: { E } })).toBe(accepted);
    expect(server?.delivered().slice(0, 3)).toEqual(['X-Ins: v2\tfolded', 'X-Mil: val', 'From: <ann@from.test>']);
  });

  it('changes and removes fields of the message', async () => {
    const E = [
      writePacket('m', numbered(2, 'x-a', '')),
      writePacket('m', numbered(1, 'Subject', 'other')),
      // Sendmail adds what there is not enough of (smfi_chgheader).
      writePacket('m', numbered(9, 'X-A', 'z')),
      writePacket('m', numbered(9, 'X-C', '')),
      c,
    ];
    const lines = ['X-A: 1', 'X-A: 2', 'Subject: s', 'X-B: 3', '', 'Hi'];
    expect(await reply({ answers: { E } }, { lines })).toBe(accepted);
    expect(server?.delivered()).toEqual(['X-A: 1', 'Subject: other', 'X-B: 3', 'X-A: z']);
  });

  it('may want more than it may, as rspamd does; what cannot be done is told', async () => {
    const E = [writePacket('b', Buffer.from('another body')), writePacket('-', texts('<b@y.test>')), c];
    expect(await reply({ actions: 0x1ff, protocol: 0x300, answers: { E } })).toBe(accepted);
    expect(server?.log.join('\n')).toMatch(/milter action is not supported.*"action":"b"/);
    expect(server?.deliveredBytes().toString()).toContain('\r\n\r\nHello.\r\n');
  });

  it('quarantines', async () => {
    await reply({ answers: { E: [writePacket('q', texts('smells')), c] } });
    expect(server?.log.join('\n')).toContain('quarantined\t{"check":"check.milter","msg_id":"ID","reason":"smells"');
  });
});

describe('a milter that is not sound', () => {
  const failed = '451 4.7.1 I/O error during policy check (ID)';
  test.each<readonly [string, MilterScript]>([
    ['closes', { answers: { M: [], O: [Buffer.from('nonsense that is no packet')] } }],
    ['speaks an unknown version', { version: 9 }],
    ['wants steps of its own', { protocol: 0x10000000 }],
    ['answers what has no meaning', { answers: { C: [writePacket('Z')] } }],
    ['sends a packet without an end', { answers: { H: [Buffer.from([0xff, 0xff, 0xff, 0xff, 0x63])] } }],
    ['replies without a code', { answers: { E: [writePacket('y', texts('250 fine'))] } }],
    ['talks without end', { answers: { E: Array.from({ length: 20_000 }, () => writePacket('h', texts('X', 'y'))) } }],
  ])('%s', async (_, script) => {
    expect(await reply(script)).toBe(failed);
    expect(server?.log.join('\n')).toContain('check.milter');
  });

  test('is let through with fail_open', async () => {
    expect(await reply({ version: 9 }, {}, 'fail_open yes')).toBe(accepted);
    expect(server?.log.join('\n')).toContain('fail_open lets the message pass');
  });

  test('nobody is there', async () => {
    expect(await send('milter tcp://127.0.0.1:1')).toBe(failed);
    await server?.stop();
    // maddy refuses here all the same (D21).
    expect(await send('milter unix:///nonexistent/milter.sock {\n fail_open yes\n }')).toBe(accepted);
  });
});

test('packets are read however they are cut', () => {
  const bytes = Buffer.concat([writePacket('C', texts('a')), writePacket('h', texts('X', 'y')), writePacket('c')]);
  for (let cut = 1; cut < bytes.length; cut++) {
    const reader = new PacketReader();
    const packets = [...reader.receive(bytes.subarray(0, cut)), ...reader.receive(bytes.subarray(cut))];
    expect(packets.map(({ code, data }) => code + data)).toEqual(['Ca\0', 'hX\0y\0', 'c']);
  }
});
