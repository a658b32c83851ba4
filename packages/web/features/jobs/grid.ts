/** One column on a phone, more on wider screens. */
export const GRID =
  "grid gap-3 sm:grid-cols-2 sm:gap-5 lg:grid-cols-3 xl:grid-cols-4 min-[100rem]:grid-cols-5 min-[112rem]:grid-cols-6";
