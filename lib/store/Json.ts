/** Data as JSON has it. Whoever gets some leaves it as it is. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
