/** The whole database as one readable text, in a fixed order, from the catalogue of a migrated database. */
import type { Queryable } from '../src/platform/database.ts'

const lines = async (db: Queryable, sql: string): Promise<string[]> =>
  (await db.query<{ line: string }>(sql)).rows.map((row) => row.line)

const inPublic = `c.relnamespace = 'public'::regnamespace and c.relname <> 'schema_migrations'`

async function tableText(db: Queryable, name: string): Promise<string> {
  const at = `'public.${name}'::regclass`
  const columns = await lines(
    db,
    `select '  ' || quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod)
       || case a.attidentity when 'a' then ' generated always as identity' else '' end
       || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') || case when a.attnotnull then ' not null' else '' end as line
     from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
     where a.attrelid = ${at} and a.attnum > 0 and not a.attisdropped order by a.attnum`,
  )
  const constraints = await lines(
    db,
    `select '  constraint ' || quote_ident(conname) || ' ' || pg_get_constraintdef(oid) as line from pg_constraint
     where conrelid = ${at} and contype in ('p', 'u', 'f', 'c', 'x') order by contype = 'p' desc, conname`,
  )
  const rest = [
    ...(await lines(
      db,
      `select pg_get_indexdef(i.indexrelid) || ';' as line from pg_index i join pg_class x on x.oid = i.indexrelid
       where i.indrelid = ${at} and not exists (select 1 from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x')) order by x.relname`,
    )),
    ...(await lines(
      db,
      `select 'comment on ' || case when objsubid = 0 then 'table ${name}' else 'column ${name}.' || a.attname end || ' is ' || quote_literal(description) || ';' as line
       from pg_description p left join pg_attribute a on a.attrelid = p.objoid and a.attnum = p.objsubid and p.objsubid > 0
       where p.objoid = ${at} and p.classoid = 'pg_class'::regclass order by objsubid`,
    )),
    ...(await lines(
      db,
      `select 'alter table ${name} enable row level security;' as line from pg_class where oid = ${at} and relrowsecurity`,
    )),
    ...(await lines(
      db,
      `select format('create policy %s on ${name} for %s to %s%s%s;', policyname, lower(cmd), array_to_string(roles, ', '),
         coalesce(' using (' || qual || ')', ''), coalesce(' with check (' || with_check || ')', '')) as line
       from pg_policies where schemaname = 'public' and tablename = '${name}' order by policyname`,
    )),
    ...(await lines(
      db,
      `select pg_get_triggerdef(oid) || ';' as line from pg_trigger where tgrelid = ${at} and not tgisinternal order by tgname`,
    )),
    ...(await lines(
      db,
      `select format('grant %s on ${name} to %s;', string_agg(distinct lower(privilege_type), ', ' order by lower(privilege_type)), grantee::regrole) as line
       from pg_class c, aclexplode(c.relacl) where c.oid = ${at} and grantee::regrole::text like 'hsoc%' group by grantee order by grantee::regrole::text`,
    )),
    ...(await lines(
      db,
      `select format('grant %s (%s) on ${name} to %s;', lower(privilege_type), string_agg(attname, ', ' order by attname), grantee::regrole) as line
       from pg_attribute a, aclexplode(a.attacl) where a.attrelid = ${at} and a.attacl is not null group by privilege_type, grantee
       order by grantee::regrole::text, privilege_type`,
    )),
  ]
  return [`create table ${name} (`, [...columns, ...constraints].join(',\n'), ');', ...rest].join('\n')
}

/** Tables, sequences, functions and aggregates of the schema `public`; without data and without owners. */
export async function schemaText(db: Queryable): Promise<string> {
  const tables = await lines(
    db,
    `select c.relname as line from pg_class c where ${inPublic} and c.relkind = 'r' order by 1`,
  )
  const functions = await lines(
    db,
    `select pg_get_functiondef(p.oid) || ';' as line from pg_proc p
     where p.pronamespace = 'public'::regnamespace and p.prokind = 'f' order by p.proname, pg_get_function_identity_arguments(p.oid)`,
  )
  const rights = await lines(
    db,
    `select format('grant execute on function %s to %s;', p.oid::regprocedure, string_agg(coalesce(nullif(a.grantee, 0)::regrole::text, 'public'), ', ' order by coalesce(nullif(a.grantee, 0)::regrole::text, 'public'))) as line
     from pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
     where p.pronamespace = 'public'::regnamespace and a.grantee <> p.proowner group by p.oid order by p.oid::regprocedure::text`,
  )
  const sequences = await lines(
    db,
    `select 'create sequence ' || c.relname || ';' as line from pg_class c where ${inPublic} and c.relkind = 'S'
       and not exists (select 1 from pg_depend d where d.objid = c.oid and d.deptype in ('i', 'a')) order by 1`,
  )
  const parts = [
    '-- Generated from the migrations; `UPDATE_SCHEMA=1` with test/schema.test.ts writes it anew.',
    ...sequences,
  ]
  for (const table of tables) parts.push(await tableText(db, table))
  return `${[...parts, ...functions, ...rights].join('\n\n')}\n`
}
