import { argon2id } from 'hash-wasm';

/** As `@node-rs/argon2` has it, but on every platform. The process waits meanwhile. */
export async function hashRaw(
  password: string,
  options: {
    readonly timeCost: number;
    /** KiB */
    readonly memoryCost: number;
    readonly parallelism: number;
    readonly outputLen: number;
    readonly salt: Uint8Array;
  },
): Promise<Buffer> {
  const { timeCost, memoryCost, parallelism, outputLen, salt } = options;
  const hash = await argon2id({
    ...{ password, salt, parallelism },
    iterations: timeCost,
    // Less than this Argon2 rounds up to it (RFC 9106 section 3.2), hash-wasm refuses.
    memorySize: Math.max(memoryCost, 8 * parallelism),
    hashLength: outputLen,
    outputType: 'binary',
  });
  return Buffer.from(hash);
}
