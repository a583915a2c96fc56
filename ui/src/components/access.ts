
/** Whether a site tells if one may write there before it is tried; Data Center does not. */
export const tellsWriting = (provider: string): boolean => provider !== "confluence-data-center";

