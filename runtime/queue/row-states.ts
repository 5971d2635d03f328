/** What a stored message waits for: its time, a person (`maddyc queue hold`), or the rest of its content. */
export const rowStates = { ready: 0, held: 1, incoming: 2 } as const;
