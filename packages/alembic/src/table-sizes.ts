import { readDatabaseUrl } from "./database-address.ts";
import { connectTo } from "./database-session.ts";

/** By name without `public.`: rows as PostgreSQL estimates them, bytes with indexes. Reads the catalogs only. */
export async function readTableSizes(databaseUrl: string): Promise<Map<string, { rows: number; bytes: number }>> {
  const client = await connectTo(readDatabaseUrl(databaseUrl));
  try {
    await client.query("set default_transaction_read_only = on");
    const { rows } = await client.query<{ name: string; rows: string; bytes: string }>(
      `select case when n.nspname = 'public' then c.relname::text else n.nspname || '.' || c.relname end as name,
              greatest(c.reltuples, s.n_live_tup, 0)::bigint as rows, pg_total_relation_size(c.oid) as bytes
         from pg_class c join pg_namespace n on n.oid = c.relnamespace left join pg_stat_user_tables s on s.relid = c.oid
        where c.relkind in ('r', 'm') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`,
    );
    return new Map(rows.map(({ name, rows: count, bytes }) => [name, { rows: Number(count), bytes: Number(bytes) }]));
  } finally {
    await client.end();
  }
}
