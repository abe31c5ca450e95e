import type { Catalog } from "@augeo/migrations";
import type { Client } from "pg";

/** Alembic's own table, $1, is no part of the contract with the code. */
const CATALOG_SQL = `
with ours as (
  select n.oid, n.nspname from pg_namespace n where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
), named as (
  select c.oid, case when o.nspname = 'public' then c.relname::text else o.nspname || '.' || c.relname end as name, c.relkind, c.relnamespace
    from pg_class c join ours o on o.oid = c.relnamespace
   where c.relname <> $1 and not exists (select 1 from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
), columns as (
  select a.attrelid, json_object_agg(a.attname, json_build_object(
      'number', a.attnum, 'type', format_type(a.atttypid, a.atttypmod), 'notNull', a.attnotnull,
      'default', case when a.attgenerated = '' then pg_get_expr(d.adbin, d.adrelid) end,
      'fills', case when a.attidentity <> '' then 'identity' when a.attgenerated <> '' then 'generated' else '' end) order by a.attnum) as columns
    from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
   where a.attnum > 0 and not a.attisdropped and a.attrelid in (select oid from named) group by a.attrelid
), explicit as (
  select grantee from named n join pg_class c on c.oid = n.oid, aclexplode(c.relacl)
  union select grantee from pg_attribute a, aclexplode(a.attacl) where a.attacl is not null and a.attrelid in (select oid from named)
  union select grantee from ours o join pg_namespace n on n.oid = o.oid, aclexplode(n.nspacl)
  union select grantee from ours o join pg_proc p on p.pronamespace = o.oid, aclexplode(p.proacl)
  union select relowner from named n join pg_class c on c.oid = n.oid
), grantees as (
  select 'public'::name as name union select rolname from pg_roles where not rolsuper and rolname !~ '^pg_'
     and oid in (select grantee from explicit union select member from pg_auth_members where roleid in (select grantee from explicit))
), allowed as (
  select 'table ' || n.name as object, case when has_table_privilege(g.name, n.oid, privilege) then g.name || ' ' || privilege end as what
    from named n, grantees g, unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE']) privilege where n.relkind in ('r', 'p', 'v', 'm', 'f')
  union all select 'table ' || n.name, case when has_column_privilege(g.name, n.oid, a.attnum, privilege) then g.name || ' ' || privilege || ' (' || a.attname || ')' end
    from named n join pg_attribute a on a.attrelid = n.oid and a.attacl is not null and not a.attisdropped,
         grantees g, unnest(array['SELECT', 'INSERT', 'UPDATE']) privilege
  union all select 'sequence ' || n.name, case when has_sequence_privilege(g.name, n.oid, privilege) then g.name || ' ' || privilege end
    from named n, grantees g, unnest(array['USAGE', 'SELECT', 'UPDATE']) privilege where n.relkind = 'S'
  union all select 'schema ' || o.nspname, case when has_schema_privilege(g.name, o.oid, 'USAGE') then g.name || ' USAGE' end from ours o, grantees g
  union all select 'function ' || p.oid::regprocedure, case when has_function_privilege(g.name, p.oid, 'EXECUTE') then g.name || ' EXECUTE' end
    from pg_proc p join ours o on o.oid = p.pronamespace, grantees g
   where not exists (select 1 from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
)
select json_build_object(
 'schemas', (select coalesce(json_agg(nspname order by nspname), '[]') from ours),
 'relations', (select coalesce(json_object_agg(n.name, json_build_object('oid', n.oid::bigint, 'kind', n.relkind,
      'columns', coalesce(c.columns, '{}'::json), 'definition', case when n.relkind in ('v', 'm') then pg_get_viewdef(n.oid) else '' end)), '{}')
    from named n left join columns c on c.attrelid = n.oid
   where n.relkind in ('r', 'p', 'v', 'm', 'f') or (n.relkind = 'S' and not exists (
     select 1 from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = n.oid and d.deptype in ('a', 'i') and d.refobjsubid > 0))),
 'constraints', (select coalesce(json_agg(json_build_object('oid', k.oid::bigint, 'table', n.name, 'name', k.conname, 'kind', k.contype,
      'definition', regexp_replace(pg_get_constraintdef(k.oid), ' NOT VALID$', '')) order by n.name, k.conname), '[]')
    from pg_constraint k join named n on n.oid = k.conrelid where k.contype <> 'n'),
 'indexes', (select coalesce(json_object_agg(n.name, json_build_object('table', t.name, 'unique', i.indisunique, 'valid', i.indisvalid or n.relkind = 'I',
      'definition', pg_get_indexdef(i.indexrelid))), '{}')
    from pg_index i join named n on n.oid = i.indexrelid join named t on t.oid = i.indrelid),
 'enums', (select coalesce(json_object_agg(e.name, e.labels), '{}') from (
    select case when o.nspname = 'public' then t.typname::text else o.nspname || '.' || t.typname end as name,
           json_agg(json_build_object('oid', e.oid::bigint, 'label', e.enumlabel) order by e.enumsortorder) as labels
      from pg_enum e join pg_type t on t.oid = e.enumtypid join ours o on o.oid = t.typnamespace group by 1) e),
 'functions', (select coalesce(json_object_agg(p.oid::regprocedure::text, json_build_object(
      'name', case when o.nspname = 'public' then p.proname::text else o.nspname || '.' || p.proname end,
      'arguments', coalesce((select json_agg(format_type(a.type, null) order by a.place) from unnest(p.proargtypes) with ordinality a (type, place)), '[]'),
      'defaults', p.pronargdefaults, 'result', pg_get_function_result(p.oid), 'definition', md5(p.prosrc || p.provolatile::text))), '{}')
    from pg_proc p join ours o on o.oid = p.pronamespace
   where p.prokind in ('f', 'p', 'a') and not exists (select 1 from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')),
 'triggers', (select coalesce(json_object_agg(n.name || '.' || t.tgname, pg_get_triggerdef(t.oid) || t.tgenabled::text), '{}')
    from pg_trigger t join named n on n.oid = t.tgrelid where not t.tgisinternal),
 'privileges', (select coalesce(json_object_agg(object, whats), '{}') from (
    select object, coalesce(json_agg(what order by what) filter (where what is not null), '[]') as whats from allowed group by object) a)
)::text as catalog`;

/**
 * Prepares a session for reading the catalog again and again. To plan the query takes as long as to run it, and to compile
 * it many times as long, which PostgreSQL would do because it takes the product of objects and roles for large.
 */
export async function forCatalog(session: Client): Promise<void> {
  // By way of the settings that there are: jit came with version 11, plan_cache_mode with 12.
  await session.query(
    `select set_config(name, case name when 'jit' then 'off' else 'force_generic_plan' end, false)
       from pg_settings where name in ('jit', 'plan_cache_mode')`,
  );
}

/** What code can see of the database: read with a session of our own, between revisions. */
export async function readCatalog(session: Client, versionTable: string): Promise<Catalog> {
  const query = { name: "catalog", text: CATALOG_SQL, values: [versionTable] };
  const { rows } = await session.query<{ catalog: string }>(query);
  return JSON.parse(rows[0]?.catalog ?? "{}") as Catalog;
}
