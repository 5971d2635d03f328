/** What changes in a file, as `diff -u` writes it; bytes that are no UTF-8 as U+FFFD. */
export async function unifiedDiff(path: string, before: string, after: string, afterWords: string): Promise<string> {
  const { createTwoFilesPatch, FILE_HEADERS_ONLY } = await import('diff');
  return createTwoFilesPatch(path, path, before.toWellFormed(), after.toWellFormed(), 'as it is', afterWords, {
    headerOptions: FILE_HEADERS_ONLY,
  });
}
