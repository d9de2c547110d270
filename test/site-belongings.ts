/** What the walk tries of the public web. */
import { type TestDatabase, tuesday } from './harness.ts'

/** Texts and a step of the plan: ours are public, theirs are drafts that only coordinators may see. */
export async function seedSite(
  db: TestDatabase,
  mark: 'ours' | 'theirs',
): Promise<Record<string, Record<string, string>>> {
  const open = mark === 'ours'
  const one = async (sql: string, values: unknown[]): Promise<string> =>
    String(Object.values((await db.engine.query(sql, values)).rows[0] as object)[0])
  const versions: string[] = []
  const text = async (kind: string): Promise<{ id: string; slug: string }> => {
    // A refusal repeats the address, so it holds no canary.
    const slug = `${mark}-${kind}`
    const id = await one(
      `insert into site_pages (kind, slug_cs, slug_en, menu, created_at) values ($1, $2, $2, 'top', to_timestamp($3 / 1000.0)) returning id`,
      [kind, slug, tuesday],
    )
    for (const no of [1, 2])
      versions.push(
        await one(
          `insert into site_versions (page_id, lang, no, title, summary, body, saved_at, publish_at)
           values ($1, 'cs', $2, $3, $3, $3, to_timestamp($4 / 1000.0), case when $5 then to_timestamp($4 / 1000.0) end) returning id`,
          [id, no, `${mark}-canary ${no}`, tuesday, open && no === 1],
        ),
      )
    return { id, slug }
  }
  const [page, news, occasion] = [await text('page'), await text('news'), await text('occasion')]
  await db.engine.query(
    `insert into site_occasions (page_id, kind, starts_at, ends_at, place, changed_at)
     values ($1, 'training', to_timestamp($2 / 1000.0), to_timestamp($2 / 1000.0) + interval '2 hours', $3, to_timestamp($2 / 1000.0))`,
    [occasion.id, tuesday, `${mark}-canary-place`],
  )
  const goal = await one(
    'insert into plan_goals (title_cs, created_at) values ($1, to_timestamp($2 / 1000.0)) returning id',
    [`${mark}-canary-goal`, tuesday],
  )
  const action = await one(
    `insert into plan_actions (goal_id, title_cs, owner, start_on, first_due_on, public, created_at)
     values ($1, $2, 'hSOC-Tech', '2026-01-01', '2026-06-30', $3, to_timestamp($4 / 1000.0)) returning id`,
    [goal, `${mark}-canary-action`, open, tuesday],
  )
  return {
    site_page: page,
    site_news: news,
    site_occasion: occasion,
    site_version: { version: versions[1] as string },
    plan_goal: { id: goal },
    plan_action: { id: action },
  }
}
