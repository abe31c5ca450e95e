/** The app and what it stands on: only what is missing is made, and what is there is left as it is. */
import { createSlot, fieldsOf, PRODUCTION, type SlotRef, sitePath } from "@augeo/azure";
import type { EnvironmentSettings } from "../settings/settings.ts";
import { type SiteSetup, VERSIONS } from "./site-setup.ts";
import { ABSENT, type Found, type Step, THERE, word } from "./step.ts";

type Place = EnvironmentSettings;

const found = (value: unknown): Found => (value === undefined ? ABSENT : THERE);

export function groupStep(setup: SiteSetup, group: string, environment?: string): Step {
  const { region } = setup.settings;
  const operation = `create the resource group ${group}`;
  return {
    area: "Azure",
    environment,
    what: `the resource group ${group}`,
    commands: [`az group create --name ${word(group)} --location ${region}`],
    look: async () =>
      found(await setup.find(setup.groupPath(group), VERSIONS.resources, "look for the resource group")),
    make: async () => {
      await setup.put(setup.groupPath(group), VERSIONS.resources, operation, { location: region });
    },
  };
}

export function appSteps(setup: SiteSetup, place: Place): Step[] {
  return [planStep(setup, place), appStep(setup, place), slotStep(setup, place)];
}

function planPath(setup: SiteSetup, place: Place): string {
  return `${setup.groupPath(place["resource-group"])}/providers/Microsoft.Web/serverfarms/${place.plan}`;
}

function refOf({ app, "resource-group": resourceGroup }: Place, slot: string): SlotRef {
  return { app, resourceGroup, slot };
}

function findApp(setup: SiteSetup, place: Place, slot = PRODUCTION): Promise<unknown> {
  return setup.find(sitePath(setup.session.arm, refOf(place, slot)), VERSIONS.web, `look for the app ${place.app}`);
}

/** An app that is there has its plan already, whatever that is called. */
function planStep(setup: SiteSetup, place: Place): Step {
  const { region } = setup.settings;
  const group = word(place["resource-group"]);
  return {
    area: "Azure",
    environment: place.name,
    what: `the App Service plan ${place.plan} (${place.sku})`,
    commands: [
      `az appservice plan create --resource-group ${group} --name ${place.plan} --location ${region} --is-linux --sku ${place.sku.toUpperCase()}`,
    ],
    look: async () =>
      (await findApp(setup, place)) === undefined
        ? found(await setup.find(planPath(setup, place), VERSIONS.web, "look for the App Service plan"))
        : THERE,
    make: async () => {
      const body = { location: region, kind: "linux", sku: { name: place.sku }, properties: { reserved: true } };
      await setup.put(planPath(setup, place), VERSIONS.web, `create the App Service plan ${place.plan}`, body);
    },
  };
}

/** Oryx installs the requirements, and a swap waits for a slot that is healthy, not for one that answers anything. */
function settingsOf(setup: SiteSetup): Record<string, string> {
  return {
    SCM_DO_BUILD_DURING_DEPLOYMENT: "true",
    WEBSITE_SWAP_WARMUP_PING_PATH: setup.settings["health-path"][0] ?? "/",
    WEBSITE_SWAP_WARMUP_PING_STATUSES: "200",
  };
}

function appStep(setup: SiteSetup, place: Place): Step {
  const { app, runtime, "start-command": command } = place;
  const target = `--resource-group ${word(place["resource-group"])} --name ${app}`;
  const path = setup.settings["health-path"][0] ?? "/";
  const settings = Object.entries(settingsOf(setup)).map(([name, value]) => word(`${name}=${value}`));
  const startup = command === undefined ? "" : ` --startup-file ${word(command)}`;
  return {
    area: "Azure",
    environment: place.name,
    what: `the app ${app} (${runtime.replace("|", " ")})`,
    commands: [
      `az webapp create ${target} --plan ${place.plan} --runtime ${word(runtime.replace("|", ":"))} --https-only true`,
      `az webapp config set ${target} --always-on true --generic-configurations '${JSON.stringify({ healthCheckPath: path })}'${startup}`,
      `az webapp config appsettings set ${target} --settings ${settings.join(" ")}`,
    ],
    look: async () => found(await findApp(setup, place)),
    make: async () => {
      const { arm } = setup.session;
      await setup.put(sitePath(arm, refOf(place, PRODUCTION)), VERSIONS.web, `create the app ${app}`, {
        location: setup.settings.region,
        kind: "app,linux",
        properties: {
          serverFarmId: planPath(setup, place),
          reserved: true,
          httpsOnly: true,
          siteConfig: {
            linuxFxVersion: runtime,
            appCommandLine: command ?? "",
            alwaysOn: true,
            healthCheckPath: path,
            appSettings: Object.entries(settingsOf(setup)).map(([name, value]) => ({ name, value })),
          },
        },
      });
    },
  };
}

function slotStep(setup: SiteSetup, place: Place): Step {
  const { app, slot } = place;
  return {
    area: "Azure",
    environment: place.name,
    what: `the slot ${slot} of ${app}`,
    commands: [
      `az webapp deployment slot create --resource-group ${word(place["resource-group"])} --name ${app} --slot ${slot} --configuration-source ${app}`,
    ],
    look: async () => found(await findApp(setup, place, slot)),
    make: async () => {
      const { arm, context } = setup.session;
      const patience = { deadline: context.clock.now() + 600_000, signal: context.signal };
      await createSlot(arm, refOf(place, slot), patience);
    },
  };
}

/** The plan that the app really stands on, by its id; the declared one while there is no app. */
export async function planOf(setup: SiteSetup, place: Place): Promise<string> {
  const id = fieldsOf(fieldsOf(await findApp(setup, place)).properties).serverFarmId;
  return typeof id === "string" && id !== "" ? id : planPath(setup, place);
}
