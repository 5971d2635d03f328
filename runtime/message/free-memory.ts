/**
 * Gives the memory of bytes back at once, if nothing else is in it: the collector lets tens of MB of it gather before it looks. The
 * bytes are gone afterwards, for everybody who has them.
 */
export function freeMemory({ buffer, byteLength }: Uint8Array): void {
  if (byteLength === buffer.byteLength && buffer instanceof ArrayBuffer) buffer.transfer(0);
}
