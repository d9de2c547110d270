/** Serves the gallery and the built assets as the program does, with its Content-Security-Policy. */
import { existsSync, readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename, extname, join } from 'node:path'
import { projectRoot } from '../../src/platform/content.ts'

export type Routes = Record<string, (request: IncomingMessage, answer: ServerResponse) => void>

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

const policy =
  "default-src 'none'; script-src 'self' 'nonce-gallery'; style-src 'self' 'nonce-gallery'; font-src 'self'; " +
  "img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

/** Serves the files of `folder` on a free port of loopback; `routes`, by path, go before files. */
export async function serveGallery(
  folder: string,
  routes: Routes = {},
): Promise<{ origin: string; close(): void }> {
  const assets = join(projectRoot, 'dist', 'assets')
  const server = createServer((request, answer) => {
    answer.setHeader('content-security-policy', policy)
    const { pathname } = new URL(request.url ?? '/', 'http://gallery.example')
    const route = routes[pathname]
    if (route) return route(request, answer)
    const file = join(pathname.startsWith('/assets/') ? assets : folder, basename(pathname))
    if (!existsSync(file) || !extname(file)) return answer.writeHead(204).end()
    answer.writeHead(200, { 'content-type': types[extname(file)] ?? 'text/plain' }).end(readFileSync(file))
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
