import {
  EMPTY_SCHEMA,
  type Example,
  type Finding,
  foldStatements,
  judgeAlembic,
  judgeRevision,
} from "@augeo/migrations";
import { loadSqlParser } from "@augeo/sql-parser";

/** What most examples take for granted. */
export const EVERYDAY_SCHEMA = `
CREATE TYPE mood AS ENUM ('ok', 'bad');
CREATE TABLE team (id bigint PRIMARY KEY, name text);
CREATE TABLE plan (id bigint PRIMARY KEY);
CREATE TABLE member (team_id bigint NOT NULL, account_id bigint NOT NULL);
CREATE TABLE account (
  id bigint PRIMARY KEY, email varchar(100), age integer, team_id bigint, created_at timestamp, feeling mood
);
CREATE VIEW adults AS SELECT 1 AS one;
CREATE MATERIALIZED VIEW totals AS SELECT 1 AS one;
CREATE INDEX account_email_idx ON account (email);
`;

export const parser = await loadSqlParser();

/** The findings of an example of a rule's page. */
export function judgeExample(example: Example): readonly Finding[] {
  if (example.alembic !== undefined) return judgeAlembic(example.alembic);
  return judgeRevision({
    statements: parser.statements(example.sql ?? ""),
    schema: foldStatements(parser.statements(example.preamble ?? EVERYDAY_SCHEMA), EMPTY_SCHEMA),
    options: {
      inTransaction: example.transaction ?? false,
      ...(example.version === undefined ? {} : { version: example.version }),
      ...(example.timeZone === undefined ? {} : { settings: { timezone: example.timeZone } }),
    },
  }).findings;
}
