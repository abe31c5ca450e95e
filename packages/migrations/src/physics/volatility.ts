import type { Schema } from "../schema/schema.ts";
import type { Expression } from "../sql/expression.ts";

// Functions that are not volatile: those of pg_catalog that people write in expressions (every one of the name is stable
// or immutable there, up to PostgreSQL 18) and those of common extensions. Any other function is taken for volatile, as
// CREATE FUNCTION does.
const STEADY = new Set(
  `abbrev abs acos acosd acosh age area array_append array_cat array_dims array_fill array_length array_lower
   array_ndims array_position array_positions array_prepend array_remove array_replace array_reverse array_sort
   array_to_json array_to_string array_to_tsvector array_upper ascii asin asind asinh atan atan2 atan2d atand atanh bit
   bit_count bit_length bool box bpchar broadcast btrim bytea cardinality casefold cbrt ceil ceiling center char
   char_length character_length chr cidr circle coalesce concat concat_ws convert convert_from convert_to cos cosd cosh
   cot cotd crc32 crc32c current_database current_date current_schema current_schemas current_setting current_time
   current_timestamp current_user date date_add date_bin date_part date_subtract date_trunc datemultirange daterange
   decode degrees div encode enum_first enum_last enum_range erf erfc exp extract factorial family float4 float8 floor
   format format_type gamma gcd get_bit get_byte get_current_ts_config greatest hashtext host hostmask inet_client_addr
   inet_client_port inet_server_addr inet_server_port initcap int2 int4 int4multirange int4range int8 int8multirange
   int8range interval isfinite json_array_length json_build_array json_build_object json_extract_path
   json_extract_path_text json_object json_populate_record json_strip_nulls json_to_tsvector json_typeof
   jsonb_array_length jsonb_build_array jsonb_build_object jsonb_extract_path jsonb_extract_path_text jsonb_insert
   jsonb_object jsonb_path_exists jsonb_path_exists_tz jsonb_path_match jsonb_path_match_tz jsonb_path_query_array
   jsonb_path_query_array_tz jsonb_path_query_first jsonb_path_query_first_tz jsonb_populate_record
   jsonb_populate_record_valid jsonb_pretty jsonb_set jsonb_set_lax jsonb_strip_nulls jsonb_to_tsvector jsonb_typeof
   justify_days justify_hours justify_interval lcm least left length lgamma ln localtimestamp log log10 lower lower_inf
   lpad lseg ltrim macaddr macaddr8 macaddr8_set7bit make_date make_interval make_time make_timestamp make_timestamptz
   masklen md5 min_scale mod money multirange netmask network normalize now nullif num_nonnulls num_nulls numeric
   nummultirange numrange octet_length oid overlaps overlay parse_ident path pg_backend_pid pg_client_encoding
   pg_column_size pg_current_snapshot pg_current_xact_id pg_get_serial_sequence pg_postmaster_start_time pg_size_pretty
   pg_typeof pi point polygon position pow power quote_ident quote_literal quote_nullable radians regclass regexp_count
   regexp_instr regexp_like regexp_match regexp_replace regexp_split_to_array regexp_substr repeat replace reverse
   right round row_to_json rpad rtrim scale session_user set_bit set_byte set_masklen setweight sha224 sha256 sha384
   sha512 sign sin sind sinh split_part sqrt starts_with statement_timestamp string_to_array strip strpos substr
   substring system_user tan tand tanh text time timestamp timestamptz timetz timezone to_ascii to_bin to_char to_date
   to_hex to_json to_jsonb to_number to_oct to_regclass to_regcollation to_regnamespace to_regoper to_regoperator
   to_regproc to_regprocedure to_regrole to_regtype to_timestamp to_tsquery to_tsvector transaction_timestamp translate
   trim trim_array trim_scale trunc ts_delete ts_filter ts_headline ts_rank ts_rank_cd tsmultirange tsrange
   tstzmultirange tstzrange tsvector_to_array txid_current txid_current_if_assigned txid_current_snapshot
   txid_snapshot_xmax txid_snapshot_xmin txid_visible_in_snapshot unicode_assigned unicode_version unistr unnest upper
   upper_inf user uuid_extract_timestamp uuid_extract_version varbit varchar version width_bucket xid xml
   xml_is_well_formed xml_is_well_formed_content xml_is_well_formed_document xmlcomment xmlexists xmltext xmlvalidate
   xpath
   decrypt digest encrypt hmac hstore ltree2text nlevel show_trgm similarity st_geogfromtext st_geomfromtext
   st_makeenvelope st_makepoint st_point st_setsrid text2ltree unaccent uuid_generate_v3 uuid_generate_v5 uuid_nil
   uuid_ns_dns uuid_ns_oid uuid_ns_url uuid_ns_x500 word_similarity`.split(/\s+/),
);

/** PostgreSQL must evaluate a volatile default row by row, which rewrites the table. */
export function isVolatile(expression: Expression, schema: Schema, within: readonly string[] = []): boolean {
  return expression.functions.some((name) => {
    const routine = schema.functions.get(name);
    // Extensions may live in a schema of their own.
    if (routine === undefined) return !STEADY.has(name.replace(/^.*\./, ""));
    if (!routine.volatile) return false;
    const isKnown = routine.result !== undefined && !within.includes(name);
    return !isKnown || isVolatile(routine.result, schema, [...within, name]);
  });
}

/** Functions that do something and yet touch no table, or are no function of the migration's making at all. */
const HARMLESS_CALL =
  /^(pg_|lo_|has_|txid_|ts_|json|xml|st_|uuid|gen_|gin_|brin_|col_|obj_|shobj_|inet_|row_|array_|string_|generate_)|^(nextval|currval|lastval|setval|setseed|random|random_normal|clock_timestamp|timeofday|set_config|count|sum|max|min|avg|every|bool_and|bool_or|crypt)$/;

/** A function of PostgreSQL's own, or of an extension that is known, that changes no table when it is called. */
export const isHarmlessCall = (name: string): boolean => {
  const bare = name.replace(/^.*\./, "");
  return STEADY.has(bare) || HARMLESS_CALL.test(bare);
};
