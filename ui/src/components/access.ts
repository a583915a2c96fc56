
/** Whether a site tells if one may write there before it is tried; Data Center does not. */
export const tellsWriting = (provider: string): boolean => provider !== "confluence-data-center";

/** Whether spaces are tried, in which a single page can still be closed to somebody. */
export const hasPages = (provider: string): boolean => provider.startsWith("confluence");
