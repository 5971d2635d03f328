import { writeField } from '../../message/header-write.ts';
import type { Message } from '../../module.ts';
import { withLineFeeds } from './line-feeds.ts';

export interface FinalCopy {
  /** Empty: the null sender. */
  readonly from: string;
  readonly to: readonly string[];
  /** Added below the envelope. */
  readonly fields?: readonly (readonly [name: string, value: string])[];
}

/** A message as it is kept in a file: the final delivery records the envelope (RFC 5321 section 4.4). */
export function finalCopy(message: Message, copy: FinalCopy): AsyncIterable<Buffer> {
  return withLineFeeds(withEnvelope(message, copy));
}

async function* withEnvelope({ header, body }: Message, { from, to, fields = [] }: FinalCopy): AsyncGenerator<Buffer> {
  const added: typeof fields = [
    ['Return-Path', `<${from}>`],
    ...to.map((each) => ['Delivered-To', each] as const),
    ...fields,
  ];
  for (const [name, value] of added) yield writeField(name, value) ?? Buffer.alloc(0);
  yield header.bytes();
  yield Buffer.from('\r\n');
  yield* body.passingChunks?.() ?? body.chunks();
}
