import { expect } from 'vitest';
import { ReplyError } from '../../runtime/module.ts';
import type { pipelineSession } from './pipeline.ts';
import { playScript, scriptLines } from './session.ts';

/** What scripted sessions before a pipeline have in common. */

export const greeting = `
  S: 220 mx.maddy.test ESMTP Service Ready
  C: HELO client.test
  S: 250 2.0.0 Hello client.test
`;

/** Content that goes through unchanged but for the Received field. */
export const content = `
  C: DATA
  S: 354 Go ahead. End your data with <CR><LF>.<CR><LF>
  C: Subject: s
  C:
  C: b
  C: .
`;

export const received =
  'Received: from client.test (client.example.test [192.0.2.1]) by mx.example.test (envelope-sender <a@x.test>) with ESMTP id ID; DATE';

export const mail = `C: MAIL FROM:<a@x.test>
  S: 250 2.0.0 Roger, accepting mail from <a@x.test>`;

export function accepted(to: string): string {
  return `C: RCPT TO:<${to}>\nS: 250 2.0.0 I'll make sure <${to}> gets this`;
}

export async function play(script: string, session: Awaited<ReturnType<typeof pipelineSession>>): Promise<void> {
  expect((await playScript(script, session.peer)).split('\n')).toEqual(scriptLines(script));
}

export function refusal(code: number, enhanced: string, text: string): ReplyError {
  return new ReplyError({ code, enhanced, text });
}
