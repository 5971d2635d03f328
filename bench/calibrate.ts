/** Milliseconds of a fixed calculation on numbers and strings: the unit in which benchmarks compare between machines. */
export function calibrate(): number {
  const times = Array.from({ length: 7 }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return Math.min(...times);
}

function run(): number {
  let hash = 0;
  const words: string[] = [];
  for (let index = 0; index < 200_000; index += 1) {
    hash = (Math.imul(hash, 31) + index) | 0;
    words.push(String(hash & 0xffff));
  }
  for (const character of words.join(' ')) hash = (Math.imul(hash, 33) ^ character.charCodeAt(0)) | 0;
  return hash;
}
