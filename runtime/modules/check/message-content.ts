import type { Message } from '../../module.ts';

/** Header, empty line and body as received, for programs that look at the whole message. */
export async function* contentOf({ header, body }: Message): AsyncGenerator<Buffer> {
  yield header.bytes();
  yield Buffer.from('\r\n');
  yield* body.chunks();
}
