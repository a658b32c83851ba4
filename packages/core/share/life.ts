/** How long a visitor's URL is valid, and so how long a revoked share still plays. */
export const LIFE_SECONDS = 60;
