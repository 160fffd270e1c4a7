/** Port on which managers answer other nodes; TCP. */
export const managerPort = 2377;
/** Port by which nodes find each other; TCP and UDP. */
export const gossipPort = 7946;
/** Port of overlay networks; UDP. */
export const overlayPort = 4789;
/** Port on which Docker engines expose metrics, where they do; TCP. */
export const metricsPort = 9323;
/** Port of NFS; TCP. */
export const nfsPort = 2049;
