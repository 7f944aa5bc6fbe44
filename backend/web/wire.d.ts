// The JSON of internal/wire as the pages read and write it. TestWireTypes holds the names against the Go types.

export interface Problem { kind: string; msg: string; params?: Record<string, string>; request: string }
export interface Event { room: string; seq: number; type: string; at: string; data: unknown }
export interface Events { events: Event[]; cursor: string }
export interface EntryChanged { entry: string; state: string; version: number; call?: string; ring_until?: string }
export interface CallEnded { call: string; reason: string }
export interface Employee { id: string; name: string; title: string }
export interface Clinic {
  id: string; name: string; town: string; ydernummer: string; phone: string
  open: boolean; closed?: string; opens_at?: string; closes_at?: string
  delay_min?: number; delay_at?: string; unstaffed?: boolean
}
export interface ClinicView {
  clinic: Clinic; staff: Employee; role: string; booking: string; may_keep?: boolean; clears_at?: string
}
export interface ClinicEntries { entries: ClinicEntry[]; cursor: string; now: string }
export interface ClinicEntry {
  id: string; version: number; state: string; presence: string; mode: string; source: string
  number: number; name: string; age: number; masked: string; reason?: string; joined_at: string
  helper?: Helper; call?: EntryCall; no_answer_at?: string; no_answers?: number; postponed_to?: string
  holders: number; attachment: string; planned_at?: string; no_booking?: boolean; urgent?: boolean; moved?: Moved
  handed_to?: Employee; handed_by?: Employee; messages?: Message[]; restorable?: boolean; restore_until?: string; told_until?: string
}
export interface Moved { by: Employee; reason: string }
export interface Message { id: string; text: string; sender: Employee; all?: boolean; at: string; read_at?: string }
export interface Helper { name: string; title: string; municipality: string; place: string }
export interface EntryCall { id: string; clinician: Employee; ring_until?: string; ring_for?: number }
export interface StartRequest { version: number }
export interface StartReply { entry: ClinicEntry; cursor: string; relay: Relay }
export interface OpeningRequest { open: boolean; reason?: string; keep?: boolean }
export interface PlaceRequest { before?: string; reason: string }
export interface UrgentRequest { urgent: boolean; reason?: string }
export interface RemoveRequest { reason: string }
export interface TransferRequest { to: string }
export interface Staff { staff: Employee[] }
export interface MessageRequest { text: string }
export interface MessageReply { sent: number }
export interface DelayRequest { minutes: number }
export interface EndRequest { reason: string }
export interface MediaRequest { media: string }
export interface Relay { servers: ICEServer[]; expires_in: number }
export interface ICEServer { urls: string[]; username?: string; credential?: string }
export interface SignalsRequest { signals: Signal[] }
export interface Signal {
  from?: string; to?: string; kind: string; peer?: string; sdp?: string
  candidates?: Candidate[]; muted?: boolean; camera_off?: boolean; rung?: string
}
export interface Candidate { candidate: string; sdp_mid: string | null; sdp_mline_index: number | null }
export interface InviteRequest { kind: string; name?: string; phone?: string }
export interface InviteReply { guest: Guest; url: string; sent: boolean }
export interface Guest {
  id: string; name?: string; kind: string; state: string; by: string; invited_at: string; expires_at: string; admitted_at?: string
}
export interface Guests { guests: Guest[] }
export interface GuestSessionRequest { token: string; name: string }
export interface GuestView {
  guest: Guest; clinic: string; phone: string; mode: string; call?: string; participants: Participant[]; cursor: string; now: string
}
export interface Participant { id: string; name?: string; title?: string; kind?: string; admitted_at?: string }
export interface ModeRequest { mode: string }
export interface GuestChanged { guest: string; entry: string; state: string }
