/** How long an address that a visitor gets is good for, and so how long a revoked share still plays. */
export const LIFE_SECONDS = 60;
