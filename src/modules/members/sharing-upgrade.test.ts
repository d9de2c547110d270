/** An installation from before the rules of sharing: who took part goes on reading, and it shows why. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { expect, inject, it } from 'vitest'
import { projectRoot } from '../../platform/content.ts'

const folder = join(projectRoot, 'migrations')
const rulesOf = '0038-members-sharing-rules.sql'

it('takes organisations that took part as having accepted, with a note, and nobody else', async () => {
  const url = new URL(inject('postgres'))
  url.pathname = '/postgres'
  const name = `upgrade_${process.pid}`
  const admin = new pg.Client({ connectionString: url.href })
  await admin.connect()
  await admin.query(`create database ${name}`)
  url.pathname = `/${name}`
  const owner = new pg.Client({ connectionString: url.href })
  try {
    await owner.connect()
    const sql = (file: string): string => readFileSync(join(folder, file), 'utf8')
    const before = readdirSync(folder)
      .filter((file) => file.endsWith('.sql') && file < rulesOf)
      .sort()
    for (const file of before) await owner.query(sql(file))
    await owner.query(
      `insert into organisations (name, kind, status, rules_accepted_at, created_at, changed_at) values
         ('Zapojená', 'hospital', 'participant', null, now(), now()), ('Podepsaná', 'hospital', 'signatory', '2025-05-05', now(), now()),
         ('Oslovená', 'hospital', 'prospect', null, now(), now()), ('Sledující', 'hospital', 'follower', null, now(), now()),
         ('Odešlá', 'hospital', 'left', null, now(), now())`,
    )
    await owner.query(sql(rulesOf))
    const { rows } = await owner.query(
      `select o.name, o.status, o.rules_accepted_at is not null as accepted, a.version, a.note <> '' as noted, a.at = o.rules_accepted_at as same
       from organisations o left join sharing_acceptances a on a.org_id = o.id order by o.id`,
    )
    const taken = { accepted: true, version: null, noted: true, same: true }
    const not = { accepted: false, version: null, noted: null, same: null }
    expect(rows).toEqual([
      { name: 'Zapojená', status: 'participant', ...taken },
      { name: 'Podepsaná', status: 'signatory', ...taken },
      { name: 'Oslovená', status: 'prospect', ...not },
      { name: 'Sledující', status: 'follower', ...not },
      { name: 'Odešlá', status: 'left', ...not },
    ])
    const scopes = await owner.query(
      `select o.name, scopes_held('{1,4,5,6,1000}', array[o.id])::text as held from organisations o order by o.id`,
    )
    expect(scopes.rows.map(({ held }) => held)).toEqual([
      '{1,4,5,6,1000}',
      '{1,4,5,6,1000}',
      '{1,1000}',
      '{1,1000}',
      '{1,1000}',
    ])
  } finally {
    await owner.end()
    await admin.query(`drop database if exists ${name} with (force)`)
    await admin.end()
  }
})
