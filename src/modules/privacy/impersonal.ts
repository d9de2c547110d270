/** The tables that are tied to no person of the register: addresses of networks, and all others. */
import type { Kept } from '../../platform/retention.ts'
import type { Activity } from './holding.ts'

interface Addressed {
  activity: Activity
  period?: Kept
}

/** Tables that hold addresses of networks, which may be somebody's, and that are tied to no person of the register. */
export const addressed: Record<string, Addressed> = {
  batches: { activity: 'events', period: 'raw_events' },
  events: { activity: 'events', period: 'raw_events' },
  matches: { activity: 'events', period: 'raw_events' },
  rejects: { activity: 'events', period: 'rejects' },
  detections: { activity: 'events', period: 'sums' },
  totals: { activity: 'events', period: 'sums' },
  episodes: { activity: 'events' },
  source_keys: { activity: 'events' },
  sign_in_failures: { activity: 'signing-in' },
}

/** Tables that hold nothing of people: figures, names of organisations and devices, and what the program needs to run. */
export const impersonal: readonly string[] = [
  ...[
    'asset_sums',
    'support_tables',
    'contact_entries',
    'csaf_documents',
    'contact_reminders',
    'duty_rules',
    'duty_schedules',
    'groups',
    'organisation_merge_records',
    'person_merge_records',
    'provider_sessions',
    'reach_scores',
  ],
  ...['broadcast_numbers', 'drill_results'],
  ...['register_entries', 'register_loads', 'registry_loads'],
  ...[
    'api_key_minutes',
    'api_key_uses',
    'beats',
    'channel_states',
    'outages',
    'classes',
    'credibility',
    'days',
    'detectors',
    'domains',
    'episode_changes',
  ],
  ...[
    'event_keys',
    'key_labels',
    'loss',
    'loss_reasons',
    'mail_returns',
    'push_keys',
    'short_receipts',
    'memorandum_versions',
    'networks',
    'organisation_names',
  ],
  ...['reader_cursors', 'requests', 'schema_migrations', 'sector_figures', 'sector_seen', 'sensor_authority'],
  ...[
    'sensor_batches',
    'sensor_minutes',
    'sensor_networks',
    'settings',
    'signing_keys',
    'site_occasions',
    'source_changes',
  ],
  ...[
    'trail_erasures',
    'trail_heads',
    'trail_links',
    'used_challenges',
    'warning_checks',
    'written_asked',
    'written_numbers',
    'written_owners',
    'written_sources',
    'written_tombstones',
    'warning_episodes',
  ],
  ...['warning_lists', 'warning_scopes'],
  ...['advisories', 'advisory_documents', 'advisory_products', 'advisory_sources'],

  ...['match_items', 'match_assets', 'match_marks', 'match_due', 'match_sums'],
  ...['advisory_versions', 'kev_entries', 'blocklist_entries', 'blocklist_fetches', 'blocklist_lists'],
]
