import type { Socket } from 'node:net';

/** Waits until a socket is connected. After `timeout` milliseconds it throws `tooLate`; whatever fails, the socket is destroyed. */
export async function untilConnected(socket: Socket, timeout: number, tooLate: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => reject(new Error(tooLate)), timeout);
  socket.once('connect', resolve);
  socket.once('error', reject);
  try {
    await promise;
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
    socket.off('connect', resolve);
    socket.off('error', reject);
  }
}
