import type { Reply } from "../http.ts";

/**
 * `GET /metadata/endpoints`: how tools learn a cloud's endpoints from its ARM endpoint alone. Versions up to 2019
 * answer a list of clouds, later ones this cloud.
 */
export function cloudMetadata(version: string, management: string, login: string, audiences: string[]): Reply {
  const cloud = {
    name: "Rehearsal",
    portal: management,
    authentication: { loginEndpoint: login, audiences, tenant: "common", identityProvider: "AAD" },
    resourceManager: `${management}/`,
    graph: "https://graph.windows.net/",
    graphAudience: "https://graph.windows.net/",
    microsoftGraphResourceId: "https://graph.microsoft.com/",
    media: "https://rest.media.azure.net",
    batch: "https://batch.core.windows.net/",
    sqlManagement: "https://management.core.windows.net:8443/",
    vmImageAliasDoc: "",
    gallery: `${management}/`,
    activeDirectoryDataLake: "https://datalake.azure.net/",
    ossrDbmsResourceId: "https://ossrdbms-aad.database.windows.net",
    logAnalyticsResourceId: "https://api.loganalytics.io",
    appInsightsResourceId: "https://api.applicationinsights.io",
    suffixes: {
      storage: "core.windows.net",
      keyVaultDns: "vault.azure.net",
      sqlServerHostname: "database.windows.net",
      mysqlServerEndpoint: "mysql.database.azure.com",
      postgresqlServerEndpoint: "postgres.database.azure.com",
      mariadbServerEndpoint: "mariadb.database.azure.com",
      acrLoginServer: "azurecr.io",
      azureDataLakeStoreFileSystem: "azuredatalakestore.net",
      azureDataLakeAnalyticsCatalogAndJob: "azuredatalakeanalytics.net",
      mhsmDns: "managedhsm.azure.net",
      synapseAnalytics: "dev.azuresynapse.net",
      attestationEndpoint: "attest.azure.net",
    },
  };
  return { status: 200, body: version < "2020" ? [cloud] : cloud };
}
