/** How the pages of a publication are made. */
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

/** Whether something of it is not left to these. */
export function isChosen(options: PublishOptionsView): boolean {
  return Object.values(options).some((one) => one !== null);
}
