import type { Routes } from "../http.ts";
import { fullRepository } from "./actors.ts";
import { environmentView } from "./protection.ts";
import { type Act, describedBy } from "./route.ts";
import { type EnvironmentState, type Json, nodeId, type Scene, timestamp } from "./state.ts";

const repository = "/repos/{owner}/{repo}";
const environment = `${repository}/environments/{environment_name}`;
const policies = `${environment}/deployment-branch-policies`;
const variables = `${environment}/variables`;
const variable = `${variables}/{name}`;

function stateOf({ call, scene, notFound }: Act): EnvironmentState {
  const found = scene.state.environments.get(call.param("environment_name"));
  return found ?? notFound();
}

function putEnvironment(act: Act): Json {
  const name = act.call.param("environment_name");
  const { environments } = act.scene.state;
  const known = environments.get(name) ?? {};
  const policy = act.body.deployment_branch_policy;
  const custom =
    typeof policy === "object" && policy !== null && Reflect.get(policy, "custom_branch_policies") === true;
  environments.set(name, { ...known, ...(policy === undefined ? {} : { branches: custom }) });
  return environmentView(act);
}

function policyView(name: string, id: number): Json {
  return { id, node_id: nodeId("GateBranchPolicy", id), name, type: "branch" };
}

function listPolicies(act: Act): Json {
  const names = stateOf(act).policies ?? [];
  return { total_count: names.length, branch_policies: names.map((name, index) => policyView(name, index + 1)) };
}

function addPolicy(act: Act): Json {
  const setting = stateOf(act);
  if (setting.branches !== true) act.notFound();
  const name = String(act.body.name);
  setting.policies = [...(setting.policies ?? []), name];
  return policyView(name, setting.policies.length);
}

function variableView([name, value]: readonly [string, string]): Json {
  const now = timestamp();
  return { name, value, created_at: now, updated_at: now };
}

function listVariables(act: Act): Json {
  const all = Object.entries(stateOf(act).variables ?? {});
  return { total_count: all.length, variables: all.map(variableView) };
}

function setVariable(act: Act, name: string, mustExist: boolean): void {
  const setting = stateOf(act);
  const exists = name in (setting.variables ?? {});
  if (mustExist && !exists) act.notFound();
  if (!mustExist && exists) act.invalid("EnvironmentVariable", "name", `${name} already exists`);
  setting.variables = { ...setting.variables, [name]: String(act.body.value) };
}

const create = (act: Act) => {
  setVariable(act, String(act.body.name).toUpperCase(), false);
  return { status: 201, body: {} };
};

const change = (act: Act) => {
  setVariable(act, act.call.param("name").toUpperCase(), true);
  return { status: 204 };
};

export function addEnvironments(routes: Routes, scene: Scene): void {
  const shown = (show: (act: Act) => Json) => (act: Act) => ({ status: 200, body: show(act) });
  const add = (
    method: string,
    path: string,
    needs: [string, "read" | "write"],
    act: (act: Act) => { status: number; body?: unknown },
  ) => routes.add(method, path, describedBy(scene, method, path, { needs, act }));
  add(
    "GET",
    repository,
    ["metadata", "read"],
    shown(({ scene: own }) => fullRepository(own)),
  );
  add("PUT", environment, ["administration", "write"], shown(putEnvironment));
  add("GET", policies, ["actions", "read"], shown(listPolicies));
  add("POST", policies, ["administration", "write"], shown(addPolicy));
  add("GET", variables, ["environments", "read"], shown(listVariables));
  add("POST", variables, ["environments", "write"], create);
  add("PATCH", variable, ["environments", "write"], change);
}
