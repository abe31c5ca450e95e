/**
 * What the rehearsal cloud knows of App Service: plain state, and the two seams between its control plane (ARM) and
 * its data plane (slots that run). ARM reads and writes this state and calls `Hosting`; hosting never calls ARM.
 */

/** A failure the Microsoft.Web resource provider reports: PascalCase and unwrapped on the wire. */
export class ProviderError extends Error {
  readonly status: number;
  readonly code: string;
  readonly extendedCode: string | undefined;
  constructor(status: number, code: string, message: string, extendedCode?: string) {
    super(message);
    this.status = status;
    this.code = code;
    this.extendedCode = extendedCode;
  }
}

export interface ConnectionString {
  value: string;
  type: string;
}

export interface RampUpRule {
  actionHostName: string;
  /** 0 to 100. */
  reroutePercentage: number;
  name: string;
  changeStep?: number;
  changeIntervalInMinutes?: number;
  minReroutePercentage?: number;
  maxReroutePercentage?: number;
  changeDecisionCallbackUrl?: string;
}

/** `config/web`: the fields the cloud acts on, and whatever else a client stored, kept as it came. */
export interface SiteConfig {
  linuxFxVersion: string;
  appCommandLine: string;
  alwaysOn: boolean;
  healthCheckPath?: string;
  experiments: { rampUpRules: RampUpRule[] };
  [field: string]: unknown;
}

export interface SlotSwapStatus {
  timestampUtc: string;
  sourceSlotName: string;
  destinationSlotName: string;
}

export interface Slot {
  readonly site: Site;
  /** `production`, or the slot's own name. */
  readonly name: string;
  /** host:port of the public front end, set by `Hosting.create`. */
  hostName: string;
  /** host:port of the SCM site, set by `Hosting.create`. */
  scmHostName: string;
  state: "Running" | "Stopped";
  httpsOnly: boolean;
  appSettings: Record<string, string>;
  connectionStrings: Record<string, ConnectionString>;
  config: SiteConfig;
  /** Site authentication (Easy Auth): blocks swap with preview. */
  siteAuthEnabled: boolean;
  basicPublishing: { scm: boolean; ftp: boolean };
  publishingUserName: string;
  publishingPassword: string;
  lastModifiedTimeUtc: string;
  /** Set while a swap with preview is pending. */
  targetSwapSlot: string | undefined;
  slotSwapStatus: SlotSwapStatus | undefined;
  tags: Record<string, string>;
  identity: unknown;
}

export interface Site {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly name: string;
  readonly location: string;
  readonly planName: string;
  readonly kind: string;
  readonly production: Slot;
  /** By lower-case name, without production. */
  readonly slots: Map<string, Slot>;
  slotConfigNames: {
    appSettingNames: string[];
    connectionStringNames: string[];
    azureStorageConfigNames: string[];
  };
  /** The one management operation under way; a second one is answered 409. */
  operation: { id: string; name: string; createdTime: string } | undefined;
}

export interface Instance {
  /** Also the value of the ARRAffinity cookie. */
  id: string;
  state: "READY" | "STOPPED" | "UNKNOWN";
}

/** A Kudu deployment record as `/api/deployments/{id}` shows it. */
export interface DeploymentRecord {
  id: string;
  /** 0 Pending, 1 Building, 2 Deploying, 3 Failed, 4 Success. */
  status: number;
  status_text: string;
  author_email: string;
  author: string;
  deployer: string;
  message: string;
  progress: string;
  received_time: string;
  start_time: string;
  end_time: string | null;
  last_success_end_time: string | null;
  complete: boolean;
  active: boolean;
  is_temp: boolean;
  is_readonly: boolean;
  url: string;
  log_url: string;
  site_name: string;
  build_summary?: { errors: string[]; warnings: string[] };
}

export interface DeploymentLogEntry {
  log_time: string;
  id: string;
  message: string;
  /** 0 message, 1 warning, 2 error. */
  type: 0 | 1 | 2;
  details_url: string | null;
}

export interface OneDeployRequest {
  packageUri: string;
  type: string;
  path?: string;
  restart?: boolean;
  clean?: boolean;
  ignorestack?: boolean;
  trackdeploymentprogress?: boolean;
}

/** The data plane: everything of a slot that is a process, a file or a socket. */
export interface Hosting {
  /** Opens the slot's front end and SCM site and sets its host names. With `from`, its content is not copied: a clone copies configuration only. */
  create(slot: Slot): Promise<void>;
  destroy(slot: Slot): Promise<void>;
  start(slot: Slot): Promise<void>;
  stop(slot: Slot): Promise<void>;
  /** Recycles the app's process. Resolves once the new one was started (synchronous) or asked for. */
  restart(slot: Slot, synchronous: boolean): Promise<void>;
  /** After app settings, connection strings or config changed: recycles the app and, for settings, the SCM container, which kills a running deployment. */
  configurationChanged(slot: Slot, what: "settings" | "config"): void;
  instances(slot: Slot): Instance[];
  /** The container log's tail as text. */
  containerLog(slot: Slot): string;
  deployments(slot: Slot): DeploymentRecord[];
  deploymentLog(slot: Slot, id: string): DeploymentLogEntry[] | undefined;
  isDeploying(slot: Slot): boolean;
  /** ARM's `extensions/onedeploy`: starts a deployment by package URL; throws `ProviderError` 409 when one runs. */
  oneDeploy(slot: Slot, request: OneDeployRequest): DeploymentRecord;
  /**
   * Runs the swap's six steps: exchanges content and what moves of the settings, sets `slotSwapStatus` of both slots
   * and ends a preview. Throws `ProviderError` as Azure does (400, 409, 417) and leaves `target` untouched.
   */
  swap(source: Slot, target: Slot): Promise<void>;
  /** Swap with preview: steps 1 and 2 only, setting `targetSwapSlot` of the source; and its undoing. */
  applySlotConfig(source: Slot, target: Slot): Promise<void>;
  resetSlotConfig(slot: Slot): Promise<void>;
  close(): Promise<void>;
}
