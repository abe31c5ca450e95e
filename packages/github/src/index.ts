export { type CheckAnnotation, type CheckConclusion, type CheckRun, upsertCheckRun } from "./check-runs.ts";
export { GitHubClient, type GitHubOptions } from "./client.ts";
export { compareCommits } from "./compare-commits.ts";
export {
  createDeployment,
  type DeploymentState,
  type DeploymentStatus,
  findOpenDeployments,
  type NewDeployment,
  type OpenDeployment,
  setDeploymentStatus,
} from "./deployments.ts";
export { closeIssue, findIssue, type IssueText, type LabelledIssue, upsertIssue } from "./labelled-issue.ts";
export { readSubjectCustomisation, type SubjectCustomisation } from "./oidc-subject.ts";
export { mayWrite, readCommitAuthor } from "./people.ts";
export { upsertComment } from "./sticky-comment.ts";
export { type RunLiveness, readRunLiveness } from "./workflow-runs.ts";
