/** Workflows around one reusable workflow each: one environment, and a bake time that can be waited for. */

/**
 * Builds what lies in the repository (of a front end: below `frontend/`) and releases it to production; `more` are
 * further inputs, one a line.
 */
export const ship = (part: "backend" | "frontend", bakeTime = "1s", more = "approval: none"): string => `name: Ship
on: [push, workflow_dispatch]
permissions: {}
jobs:
  build:
    name: build
    runs-on: ubuntu-latest
    permissions: { contents: read }
    outputs:
      artifact-id: \${{ steps.upload.outputs.artifact-id }}
      artifact-digest: \${{ steps.upload.outputs.artifact-digest }}
    steps:
      - uses: actions/checkout@v7
      - name: Build
        run: ${part === "backend" ? "echo nothing to build" : "cd frontend && node build.mjs package"}
      - id: upload
        name: Upload the package
        uses: actions/upload-artifact@v7
        with: { name: package, path: ${part === "backend" ? "." : "frontend/package"}, if-no-files-found: error }
  production:
    needs: build
    permissions: { contents: read, id-token: write, actions: read }
    uses: augeo/deploy-action/.github/workflows/deploy-${part}.yml@v1
    with:
      environment: production
      artifact-id: \${{ needs.build.outputs.artifact-id }}
      artifact-digest: \${{ needs.build.outputs.artifact-digest }}
      bake-time: ${bakeTime}
      warm-up-timeout: 10s
      ${more}
`;

/** What the schedule starts, for one environment. */
export const tidy = `name: Reconcile
on: { schedule: [{ cron: "*/15 * * * *" }] }
permissions: {}
jobs:
  reconcile:
    name: reconcile
    permissions: { id-token: write, actions: read, deployments: write, issues: write }
    uses: augeo/deploy-action/.github/workflows/reconcile.yml@v1
    with: { environment: production }
`;
