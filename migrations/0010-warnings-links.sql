-- module: warnings

comment on column action_links.token_hash is 'SHA-256 of the token in the mail: 128 bits that this installation''s key makes of delivery and person';
create index action_links_warning on action_links (warning_id);

-- Whose link it is: known before there is an actor, as with a session. What the owner may see and do is decided by its
-- roles of this moment at the organisation concerned.
create function action_link(p_token_hash bytea, p_now timestamptz)
returns table (delivery_id bigint, warning_id bigint, actions text[], revoked boolean, over boolean, person_id int, email text,
  name text, language text, engagements jsonb)
language sql stable security definer set search_path = public, pg_temp as $$
  select l.delivery_id, l.warning_id, l.actions, l.revoked_at is not null,
    w.state = 'closed' and w.closed_at + interval '30 days' < p_now,
    p.id, p.email, p.name, p.language,
    coalesce((select jsonb_agg(jsonb_build_object('org', e.org_id, 'orgName', o.name, 'role', e.role) order by e.role)
      from engagements e join organisations o on o.id = e.org_id
      where e.person_id = p.id and e.org_id = w.org_id and e.valid_from <= p_now and e.valid_to > p_now and o.status <> 'left'), '[]')
  from action_links l join warnings w on w.id = l.warning_id join people p on p.id = l.person_id
  where l.token_hash = p_token_hash and p.disabled_at is null
$$;

-- Whoever holds a link may make it useless, for example after the mail was sent on.
create function revoke_action_link(p_token_hash bytea, p_now timestamptz) returns void
language sql security definer set search_path = public, pg_temp as $$
  update action_links set revoked_at = p_now where token_hash = p_token_hash and revoked_at is null
$$;
revoke all on function action_link(bytea, timestamptz), revoke_action_link(bytea, timestamptz) from public;
grant execute on function action_link(bytea, timestamptz), revoke_action_link(bytea, timestamptz) to hsoc_app;
