import type { Schema } from "../schema/schema.ts";
import type { Expression } from "../sql/expression.ts";

// Functions of PostgreSQL and its common extensions that are not volatile and that people write in defaults. Any other
// function is taken for volatile, as CREATE FUNCTION does.
const STEADY = new Set(
  `now transaction_timestamp statement_timestamp current_timestamp localtimestamp current_date current_time current_schema
   current_setting current_database current_user session_user user version timezone date_trunc date_part extract age to_char
   to_date to_timestamp to_number to_json to_jsonb to_tsvector to_tsquery make_date make_time make_timestamp make_timestamptz
   make_interval justify_days justify_hours justify_interval date_bin isfinite lower upper initcap trim btrim ltrim rtrim
   substring substr left right length char_length character_length octet_length bit_length position strpos replace translate
   reverse repeat lpad rpad split_part concat concat_ws format quote_ident quote_literal quote_nullable md5 sha224 sha256
   sha384 sha512 encode decode chr ascii regexp_replace regexp_match regexp_split_to_array string_to_array array_to_string
   array_append array_prepend array_cat array_length array_position array_remove cardinality unnest abs ceil ceiling floor
   round trunc sign sqrt cbrt exp ln log power mod div greatest least coalesce nullif json_build_object jsonb_build_object
   json_build_array jsonb_build_array json_object jsonb_object jsonb_set jsonb_strip_nulls row_to_json array_to_json
   int4range int8range numrange tsrange tstzrange daterange box point circle inet_client_addr pg_typeof hashtext digest
   hstore similarity unaccent setweight uuid_nil uuid_ns_dns uuid_ns_url uuid_generate_v3 uuid_generate_v5 bit_count`.split(
    /\s+/,
  ),
);

/** PostgreSQL must evaluate a volatile default row by row, which rewrites the table. */
export function isVolatile(expression: Expression, schema: Schema): boolean {
  return expression.functions.some((name) => schema.functions.get(name) ?? !STEADY.has(name));
}
