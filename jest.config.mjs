const common = {
  testEnvironment: "node",
  extensionsToTreatAsEsm: [".ts"],
  transform: { "\\.ts$": "<rootDir>/__tests__/support/transform.mjs" },
};

const tests = (...folders) => folders.map((folder) => `<rootDir>/__tests__/${folder}/**/*.test.ts`);

// One PostgreSQL and one Azurite serve all clouds of a run; they start only when a test of the second project runs.
export default {
  projects: [
    { ...common, displayName: "units", testMatch: [...tests("unit", "contract"), "<rootDir>/__tests__/*.test.ts"] },
    {
      ...common,
      displayName: "cloud",
      testMatch: tests("acceptance", "workflows"),
      globalSetup: "<rootDir>/__tests__/support/start-servers.mjs",
      globalTeardown: "<rootDir>/__tests__/support/stop-servers.mjs",
    },
  ],
  testSequencer: "<rootDir>/__tests__/support/longest-first.mjs",
  // Several times what the longest take on a machine that has other work too.
  testTimeout: 180_000,
};
