import type { RecordedCase, RecordedDelivery, RecordedStep } from './recorded.ts';

/**
 * Cases whose recording shows a defect of maddy 0.9.4: what `quirk` says instead of what was recorded. Steps up to the defect
 * are the recorded ones.
 */
const amendments: Readonly<Record<string, (recorded: RecordedCase) => RecordedCase>> = {
  reroute: (recorded) => ({
    ...recorded,
    steps: [
      ...before(recorded, '421 4.0.0 Internal server error'),
      { conn: 'c1', expect: ["250 2.0.0 I'll make sure <info@alias.test> gets this"] },
      ...message('c1'),
    ],
    delivered: [sent('a@x.test', 'real@maddy.test')],
  }),

  'nested-mail': (recorded) => ({ ...recorded, delivered: [givenUp, sent('second@x.test', 'b@y.test')] }),

  'ehlo-resets-transaction': (recorded) => ({
    ...recorded,
    steps: recorded.steps.map((step) =>
      says(step, "250 2.0.0 I'll make sure <b@y.test> gets this")
        ? { ...step, expect: ['502 5.5.1 Missing MAIL FROM command.'] }
        : step,
    ),
  }),

  'limits-source-only-panic': (recorded) => ({
    ...recorded,
    steps: [
      ...before(recorded, '421 4.0.0 Internal server error'),
      { conn: 'c2', expect: ['451 4.4.5 High load, try again later'] },
      { conn: 'c2', send: ['NOOP'] },
      { conn: 'c2', expect: ['250 2.0.0 I have successfully done nothing'] },
    ],
  }),

  'sasld-fail': (recorded) => ({
    ...recorded,
    steps: [
      ...before(recorded, 'OK\t1'),
      // The next line belongs to the next request: no OK has come in between.
      { conn: 'c1', send: ['AUTH\t2\tPLAIN\tservice=smtp\tresp=AHRlc3RlckBleGFtcGxlLm9yZwBiYWQ='] },
      { conn: 'c1', expect: ['FAIL\t2\treason=authentication failed'] },
    ],
  }),

  'sasld-unsupported-mech': (recorded) => ({
    ...recorded,
    steps: [
      ...recorded.steps.filter((step) => step.eof === undefined && step.expect_exit === undefined),
      { conn: 'c1', send: ['AUTH\t2\tPLAIN\tservice=smtp\tresp=AGEAYg=='] },
      { conn: 'c1', expect: ['OK\t2'] },
    ],
  }),

  'reload-listener-set': (recorded) => recorded,

  'start-failures-dovecot-down': (recorded) => ({
    ...recorded,
    steps: [
      { expect_log: 'dovecot_sasl: {text}not reachable{text}\t{text}' },
      { expect_log: 'server started\t{"version":"{version}"}' },
      { conn: 'c1', connect: 'smtp', source_ip: '127.109.97.100' },
      { conn: 'c1', expect: ['220 mx.maddy.test ESMTP Service Ready'] },
      { conn: 'c1', send: ['HELO localhost', 'AUTH PLAIN AGdvb2QAcHc='] },
      { conn: 'c1', expect: ['250 2.0.0 Hello localhost', '454 4.7.0 Temporary authentication failure'] },
    ],
  }),

  'log-file-and-rotate': (recorded) => ({
    ...recorded,
    steps: [
      ...before(recorded, ''),
      {
        read_file: '{test_dir}/maddy.log',
        expect_body_lines: [
          '{timestamp} smtp: incoming message\t{text}',
          '{timestamp} smtp: RCPT ok\t{text}',
          '{timestamp} smtp: aborted\t{text}',
          '',
        ],
      },
      { expect_log_lines: ['loading configuration...\t'] },
    ],
  }),

  'reload-no-log-directive': (recorded) => ({
    ...recorded,
    steps: [
      ...recorded.steps.filter((step) => step.expect_exit === undefined),
      { expect_log: 'old server stopped\t' },
      { write_config: 'hostname mx.maddy.test\nnonsense\n' },
      { signal: 'SIGUSR2' },
      { expect_log: 'failed to load new configuration\t{"reason":{text}}' },
      { conn: 'c1', connect: 'smtp', source_ip: '127.109.97.100' },
      { conn: 'c1', expect: ['220 mx.maddy.test ESMTP Service Ready'] },
    ],
  }),
};

/** The case as it is to be run; null when its recording is a defect and nobody has said what would be right. */
export function saneCase(recorded: RecordedCase): RecordedCase | null {
  if (recorded.quirk === undefined) return recorded;
  return amendments[recorded.name]?.(recorded) ?? null;
}

function says(step: RecordedStep, line: string): boolean {
  const lines = step.expect ?? (step.read_file === '{test_dir}/maddy.log' ? step.expect_body_lines : undefined);
  return lines?.length === 1 && lines[0] === line;
}

/** The steps up to the one that expects this line alone. */
function before({ name, steps }: RecordedCase, line: string): readonly RecordedStep[] {
  const at = steps.findIndex((step) => says(step, line));
  if (at === -1) throw new Error(`${name}: no step expects ${line}`);
  return steps.slice(0, at);
}

function message(conn: string): readonly RecordedStep[] {
  return [
    { conn, send: ['DATA'] },
    { conn, expect: ['354 Go ahead. End your data with <CR><LF>.<CR><LF>'] },
    { conn, send: ['From: <from@maddy.test>', 'To: <to@maddy.test>', 'Subject: Hello!', '', 'Hello!', '.'] },
    { conn, expect: ['250 2.0.0 OK: queued'] },
  ];
}

const givenUp: RecordedDelivery = {
  sink: 'sink',
  commands: ['LHLO mx.maddy.test', 'MAIL FROM:<first@x.test> BODY=8BITMIME', 'RCPT TO:<a@y.test>'],
};

function sent(from: string, to: string): RecordedDelivery {
  return {
    sink: 'sink',
    commands: ['LHLO mx.maddy.test', `MAIL FROM:<${from}> BODY=8BITMIME`, `RCPT TO:<${to}>`, 'DATA'],
    message: [
      `Received: from localhost (client.maddy.test [127.109.97.100]) by mx.maddy.test (envelope-sender <${from}>) with ESMTP id {msgid}; {date}`,
      'From: <from@maddy.test>',
      'To: <to@maddy.test>',
      'Subject: Hello!',
      '',
      'Hello!',
    ],
  };
}
