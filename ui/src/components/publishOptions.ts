/** How the pages of one publish are made. */
import type { PublishOptionsView } from "../backend";

/** All of it left to the repository and the settings. */
export const asConfigured: PublishOptionsView = {
  refusesTitles: null,
  titlePrefix: null,
  labels: null,
  setsLabels: null,
  minorEdit: null,
  pageWidth: null,
  editor: null,
  format: null,
  folders: null,
  keepOrder: null,
  keepPlace: null,
  verify: null,
  strict: null,
};
