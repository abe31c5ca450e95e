import { isProduction, type SlotRef } from "@augeo/azure";

/** The app or its slot, as the commands of `az webapp` take it. */
export const azTarget = ({ app, resourceGroup, slot }: SlotRef): string =>
  `--name ${app} --resource-group ${resourceGroup}${isProduction(slot) ? "" : ` --slot ${slot}`}`;
