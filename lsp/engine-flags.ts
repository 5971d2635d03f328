/**
 * Flags of V8. Its best compiler is 5 MB of code to have in memory, and in texts of the usual size stands in the way of those whom its
 * work would serve after thousands of keys. Their garbage is little: threads that help to collect it are waited for longer than they
 * help. For large texts everything is as V8 has it.
 */
export const engineFlags = {
  usualTexts: ['--no-opt', '--no-parallel-scavenge'],
  largeTexts: ['--opt', '--parallel-scavenge'],
} as const;

/**
 * Milliseconds after its start in which the language server has answered what an editor asks about a document that it shows: what V8
 * has compiled by then is kept for later starts.
 */
export const settlesAfter = 3000;
