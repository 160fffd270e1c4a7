/** Port on which managers answer other nodes. */
export const managerPort = 2377;
