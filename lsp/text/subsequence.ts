/** As editors filter: the characters in their order, whatever stands between them. */
export function isSubsequence(query: string, text: string): boolean {
  const wanted = query.toLowerCase().replace(/\s/g, '');
  let at = 0;
  for (const character of text.toLowerCase()) if (character === wanted[at]) at += 1;
  return at === wanted.length;
}
