/** Cases of each cross-check: enough for every day, or as many as `CROSS_CHECKS` says. */
export const crossCheckCount = Number(process.env.CROSS_CHECKS ?? 200);

/** The same cases each time; another `CROSS_CHECK_SEED` gives others. */
export const crossCheckSeed = Number(process.env.CROSS_CHECK_SEED ?? 6_376);
