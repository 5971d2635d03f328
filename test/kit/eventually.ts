/** Waits for something that happens sooner or later; the test's own time limit is the end of it. */
export async function eventually(condition: () => boolean): Promise<void> {
  const end = performance.now() + 15_000;
  while (!condition()) {
    if (performance.now() > end) throw new Error('it does not happen');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
