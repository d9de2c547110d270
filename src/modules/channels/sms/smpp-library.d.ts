// The library comes without types: only what is used of it.
declare module 'smpp' {
  import type { EventEmitter } from 'node:events'
  import type { Server as NetServer, Socket } from 'node:net'

  export interface Pdu {
    command_status: number
    message_id?: string
    esm_class?: number
    source_addr?: string
    short_message?: { message?: string | Buffer } | string
    receipted_message_id?: string
    message_state?: number
    response(options?: object): Pdu
  }
  type Answered = (pdu: Pdu) => void
  export interface Session extends EventEmitter {
    socket: Socket
    bind_transceiver(options: object, answered: Answered): boolean
    submit_sm(options: object, answered: Answered): boolean
    deliver_sm(options: object, answered: Answered): boolean
    enquire_link(answered?: Answered): boolean
    send(pdu: Pdu): boolean
    close(): void
    destroy(): void
  }
  export function connect(options: object): Session
  export function createServer(
    options: object,
    listener: (session: Session) => void,
  ): NetServer & {
    sessions: Session[]
  }
}
