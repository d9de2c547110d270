import { spawnSync } from 'node:child_process'
import os from 'node:os'
import path from 'node:path'
import type { Binaries } from './postgres-binaries.ts'

export type Tuning = 'normal' | 'test'

const MB = 1024 * 1024

/** A quarter of the memory that this process may use, 128 MB to 2 GB; more brings little on two cores. */
function sharedBuffers(): string {
  const limit = process.constrainedMemory()
  const memory = limit > 0 && limit < os.totalmem() ? limit : os.totalmem()
  return `${Math.floor(Math.min(2048, Math.max(128, memory / MB / 4)))}MB`
}

/**
 * The server's settings. `sync` false gives up safety against a crash of the machine (not of the program) for
 * speed and is for tests only.
 */
export function settings(tuning: Tuning, sync: boolean): Record<string, string> {
  const durable = sync ? 'on' : 'off'
  return {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '60',
    jit: 'off',
    fsync: durable,
    synchronous_commit: durable,
    full_page_writes: durable,
    log_timezone: 'UTC',
    timezone: 'UTC',
    password_encryption: 'scram-sha-256',
    ...(tuning === 'normal'
      ? {
          shared_buffers: sharedBuffers(),
          max_wal_size: '8GB',
          min_wal_size: '256MB',
          checkpoint_timeout: '30min',
        }
      : { shared_buffers: '128MB', max_wal_size: '1GB' }),
  }
}

/** lz4 costs little and halves the log after a checkpoint; a build without it does better with none (pglz is slow). */
export function walCompression(binaries: Binaries, dataArgument: string, dataFd: number): 'lz4' | 'off' {
  const asked = spawnSync(
    path.join(binaries.binDir, 'postgres'),
    ['-D', dataArgument, '-c', 'wal_compression=lz4', '-C', 'wal_compression'],
    {
      uid: binaries.uid,
      gid: binaries.gid,
      cwd: '/',
      env: {},
      stdio: ['ignore', 'ignore', 'ignore', dataFd],
    },
  )
  return asked.status === 0 ? 'lz4' : 'off'
}
