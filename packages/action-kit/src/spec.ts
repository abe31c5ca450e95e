/** What an action is, as data: the one declaration that parsing, `action.yml`, the README tables and the tests share. */

export type Decision = "proceed" | "hold" | "rolled-back" | "nothing-to-do";

interface InputBase {
  /** One or two sentences in Markdown, shown in `action.yml` and in the tables. */
  readonly doc: string;
  /** An empty value is a fault. `action.yml` says `required: true`, which the runner does not enforce. */
  readonly required?: boolean;
  /** As the user would write it. May be an expression such as `${{ github.token }}`, which only the runner can resolve. */
  readonly default?: string | number | boolean;
}

export interface TextInput extends InputBase {
  /** `string`: one line · `secret`: masked before anything else · `url`: http or https · `path`: made absolute from the workspace · `lines`: one value a line. */
  readonly kind: "string" | "secret" | "url" | "path" | "lines";
  /** What the value (each line, for `lines`) must match. */
  readonly pattern?: RegExp;
  /** `pattern` in words, with an example: shown when the value does not match. */
  readonly hint?: string;
  /** For `lines`: how many. For the others: how many characters. */
  readonly min?: number;
  readonly max?: number;
}

export interface NumberInput extends InputBase {
  /** `percentage`: 0 to 100, with or without a percent sign. */
  readonly kind: "integer" | "number" | "percentage";
  readonly min?: number;
  readonly max?: number;
}

export interface DurationInput extends InputBase {
  /** `90s`, `5m`, `1h 30m`, `250ms`; read as milliseconds. A bare number is refused: it never says its unit. */
  readonly kind: "duration";
  readonly min?: string;
  readonly max?: string;
}

export interface ChoiceInput extends InputBase {
  readonly kind: "choice";
  readonly options: readonly string[];
}

interface PlainInput extends InputBase {
  /** `boolean`: true or false · `json`: any JSON value. */
  readonly kind: "boolean" | "json";
}

export type InputSpec = TextInput | NumberInput | DurationInput | ChoiceInput | PlainInput;
export type InputSpecs = Readonly<Record<string, InputSpec>>;

export interface OutputSpec {
  readonly doc: string;
}
export type OutputSpecs = Readonly<Record<string, OutputSpec>>;

export interface PermissionSpec {
  readonly level: "read" | "write";
  readonly why: string;
  /** Needed only when a given input asks for it: documented, not demanded of every workflow. */
  readonly optional?: boolean;
}
export type PermissionSpecs = Readonly<Record<string, PermissionSpec>>;

export interface ReasonSpec {
  readonly decision: Decision;
  readonly doc: string;
  /** The step ends red. */
  readonly fails?: boolean;
  /** What a user does about it. */
  readonly fix?: string;
}
export type ReasonSpecs = Readonly<Record<string, ReasonSpec>>;

export interface ActionDeclaration<
  I extends InputSpecs = InputSpecs,
  O extends OutputSpecs = OutputSpecs,
  R extends ReasonSpecs = ReasonSpecs,
> {
  /** kebab-case: the folder under `actions/`. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputs: I;
  readonly outputs: O;
  readonly permissions: PermissionSpecs;
  readonly reasons: R;
  /** Whether `action.yml` names a `post` step. */
  readonly post?: boolean;
  readonly branding?: { readonly icon: string; readonly color: string };
}

export interface ActionSpec<
  I extends InputSpecs = InputSpecs,
  O extends OutputSpecs = OutputSpecs,
  R extends ReasonSpecs = ReasonSpecs,
> extends ActionDeclaration<I, O, R> {
  /** Every output `action.yml` declares: the action's own and the three that all actions have. */
  readonly allOutputs: OutputSpecs;
  /** Every reason the action can end with: its own and the four that all actions have. */
  readonly allReasons: ReasonSpecs;
}

/** Set by every action in every run, also in one that failed. */
export const COMMON_OUTPUTS = {
  decision: { doc: "`proceed`, `hold`, `rolled-back` or `nothing-to-do`." },
  reason: { doc: "Why, as one code of the closed list under *Reasons*." },
  result: { doc: "Everything the action found out, as JSON with `schema: 1`." },
} as const satisfies OutputSpecs;

/** How a run ends that did not reach a decision of its own. */
export const COMMON_REASONS = {
  "usage-error": {
    decision: "hold",
    fails: true,
    doc: "The workflow is wrong: an input, a permission or the sign-in. Nothing was changed.",
    fix: "The error names each fault, what is allowed and what to write instead.",
  },
  "service-error": {
    decision: "hold",
    fails: true,
    doc: "A remote service refused or did not answer.",
    fix: "The error names the operation, the service's own code and the correlation id to give to its support.",
  },
  interrupted: {
    decision: "hold",
    fails: true,
    doc: "The run was cancelled, or its time ran out.",
    fix: "The error says what was done and what was undone. Start the workflow again: it looks at what is there first.",
  },
  "internal-error": {
    decision: "hold",
    fails: true,
    doc: "A defect in this action.",
    fix: "Report it with the lines of the log: the error says where.",
  },
} as const satisfies ReasonSpecs;

export type CommonReason = keyof typeof COMMON_REASONS;

/** Declares an action. The result is data only: it can be imported anywhere, and does nothing. */
export function defineAction<const I extends InputSpecs, const O extends OutputSpecs, const R extends ReasonSpecs>(
  declaration: ActionDeclaration<I, O, R>,
): ActionSpec<I, O, R> {
  return {
    ...declaration,
    allOutputs: { ...COMMON_OUTPUTS, ...declaration.outputs },
    allReasons: { ...declaration.reasons, ...COMMON_REASONS },
  };
}

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

type ValueOf<S extends InputSpec> = S extends { kind: "boolean" }
  ? boolean
  : S extends { kind: "integer" | "number" | "percentage" | "duration" }
    ? number
    : S extends { kind: "lines" }
      ? readonly string[]
      : S extends { kind: "json" }
        ? Json
        : S extends { kind: "choice"; options: readonly (infer Option)[] }
          ? Option
          : string;

type IsGiven<S extends InputSpec> = S extends { required: true }
  ? true
  : S extends { default: string | number | boolean }
    ? true
    : false;

/** The parsed inputs of a spec: by the user's own words; `undefined` where an input is neither required nor defaulted. */
export type InputsOf<S extends { readonly inputs: InputSpecs }> = {
  readonly [K in keyof S["inputs"]]: IsGiven<S["inputs"][K]> extends true
    ? ValueOf<S["inputs"][K]>
    : ValueOf<S["inputs"][K]> | undefined;
};

/** What `main` returns: a decision that was reached, good or bad. */
export interface Outcome<S extends ActionSpec = ActionSpec> {
  readonly reason: keyof S["reasons"] & string;
  readonly outputs?: { readonly [K in keyof S["outputs"]]?: string | number | boolean };
  /** Gets `schema: 1`. */
  readonly result: { readonly [key: string]: Json | undefined };
  /** Markdown. Starts at `###`. */
  readonly summary: string;
  /** What happened in this run, in one or two sentences: the log's last line and, of an outcome that fails, the annotation. */
  readonly message?: string;
  /** In place of the reason's own `fix`, when this run knows better. */
  readonly fix?: string;
}
