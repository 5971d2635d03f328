import { randomBytes } from 'node:crypto';
import { bcrypt, bcryptVerify } from 'hash-wasm';

/** bcrypt takes no notice of what comes after. */
const longest = 72;

/** As `@node-rs/bcrypt` has it, but on every platform, and always version 2a. The process waits meanwhile. */
export function hash(password: string, { cost }: { readonly cost: number }): Promise<string> {
  return bcrypt({ password: bytesOf(password), salt: randomBytes(16), costFactor: cost, outputType: 'encoded' });
}

export function verify(password: string, stored: string): Promise<boolean> {
  return bcryptVerify({ password: bytesOf(password), hash: stored });
}

function bytesOf(password: string): Buffer {
  // hash-wasm takes no empty one; bcrypt puts a NUL behind each and repeats it, so one NUL more is the same.
  return Buffer.from(password === '' ? '\0' : password).subarray(0, longest);
}
