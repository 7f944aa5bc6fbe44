// The JSON of internal/wire as the pages read and write it. Written by: go test ./backend/web -update

export interface Card {
  version: number
  reason?: string
  room?: string
  situation?: string
  background?: string
  analysis?: string
  request?: string
  tobs?: Scored
  at?: string
  by?: Employee
}
export interface CardRequest {
  version: number
  situation?: string
  background?: string
  analysis?: string
  request?: string
  tobs?: Record<string, Value>
}
export interface ToldRequest {
  version: number
  reason?: string
  room?: string
}
export interface CardMark {
  version: number
  isbar?: boolean
  tobs?: boolean
  total?: number
}
export interface CardChanged {
  entry: string
  version: number
}
export interface ClinicView {
  clinic: Clinic
  staff: Employee
  role: string
  booking: string
  may_keep?: boolean
  clears_at?: string
}
export interface ClinicEntries {
  entries: ClinicEntry[]
  cursor: string
  now: string
}
export interface ClinicEntry {
  id: string
  version: number
  state: string
  presence: string
  mode: string
  source: string
  number: number
  name: string
  age: number
  masked: string
  reason?: string
  room?: string
  card?: CardMark
  joined_at: string
  helper?: Helper
  call?: EntryCall
  no_answer_at?: string
  no_answers?: number
  postponed_to?: string
  holders: number
  attachment: string
  planned_at?: string
  told_until?: string
  no_booking?: boolean
  urgent?: boolean
  emergency_at?: string
  moved?: Moved
  handed_to?: Employee
  handed_by?: Employee
  messages?: Message[]
  restorable?: boolean
  restore_until?: string
  unconfirmed?: number
  confirm_until?: string
}
export interface Moved {
  by: Employee
  reason: string
}
export interface Helper {
  name: string
  title: string
  municipality: string
  place: string
}
export interface StartRequest {
  version: number
}
export interface StartReply {
  entry: ClinicEntry
  cursor: string
  relay: Relay
}
export interface OpeningRequest {
  open: boolean
  reason?: string
  keep?: boolean
}
export interface PlaceRequest {
  before?: string
  reason: string
}
export interface UrgentRequest {
  urgent: boolean
  reason?: string
}
export interface RemoveRequest {
  reason: string
}
export interface TransferRequest {
  to: string
}
export interface Staff {
  staff: Employee[]
}
export interface MessageRequest {
  text: string
}
export interface MessageReply {
  sent: number
}
export interface DelayRequest {
  minutes: number
}
export interface Problem {
  kind: string
  msg: string
  params?: Record<string, string>
  request: string
}
export interface Event {
  room: string
  seq: number
  type: string
  at: string
  data: unknown
}
export interface Events {
  events: Event[]
  cursor: string
}
export interface EntryChanged {
  entry: string
  state: string
  version: number
  call?: string
  ring_until?: string
  reason?: string
}
export interface EntryMessage {
  entry: string
  message: string
  read?: boolean
}
export interface CallEnded {
  call: string
  reason: string
}
export interface SigninCompleted {
  signin: string
  code: string
}
export interface SigninFailed {
  signin: string
  msg: string
}
export interface InviteRequest {
  kind: string
  name?: string
  phone?: string
}
export interface InviteReply {
  guest: Guest
  url: string
  sent: boolean
}
export interface Guest {
  id: string
  name?: string
  kind: string
  state: string
  by: string
  invited_at: string
  expires_at: string
  admitted_at?: string
}
export interface Guests {
  guests: Guest[]
}
export interface GuestSessionRequest {
  token: string
  name: string
}
export interface GuestView {
  guest: Guest
  clinic: string
  phone: string
  mode: string
  call?: string
  participants: Participant[]
  cursor: string
  now: string
}
export interface Participant {
  id: string
  name?: string
  title?: string
  kind?: string
  admitted_at?: string
}
export interface ModeRequest {
  mode: string
}
export interface GuestChanged {
  guest: string
  entry: string
  state: string
}
export interface OrderText {
  what: string
  dose?: string
  how_often?: string
  from?: string
  until?: string
}
export interface Order {
  id: string
  version: number
  state: string
  text: OrderText
  by: string
  author: Employee
  written_at: string
  read_at?: string
  confirmed_by?: Employee
  confirmed_at?: string
  ended_at?: string
  replaces?: string
}
export interface Orders {
  orders: Order[]
  clinician?: Employee
  until?: string
}
export interface ConfirmRequest {
  version: number
}
export interface CorrectRequest {
  version: number
  text: OrderText
}
export interface ClinicEndRequest {
  reason: string
  unconfirmed?: number
}
export interface OrderChanged {
  order: string
  entry: string
  state: string
}
export interface PlaceRecord {
  lines: RecordLine[]
  code: string
}
export interface RecordLine {
  n: number
  at: string
  what: string
  who?: string
  detail?: string
  words?: string
  corrects?: number
  by: string
  name?: string
}
export interface AdditionRequest {
  what: string
  who?: string
  detail?: string
  words?: string
  corrects?: number
}
export interface EnrolRequest {
  code: string
  public_key: string
  app: string
}
export interface EnrolReply {
  device: Device
}
export interface Device {
  id: string
  name: string
  place: string
  municipality: string
}
export interface ChallengeRequest {
  device: string
}
export interface ChallengeReply {
  challenge: string
}
export interface Proof {
  device: string
  challenge: string
  signature: string
}
export interface DeviceSessionRequest {
  proof: Proof
}
export interface DeviceSessionReply {
  token: string
  expires_in: number
  device: Device
  server_time: string
  cursor: string
}
export interface SigninReply {
  signin: string
  url: string
  expires_in: number
}
export interface SessionRequest {
  signin: string
  code: string
  proof: Proof
}
export interface SessionReply {
  token: string
  expires_in: number
  employee: Employee
}
export interface Employee {
  id: string
  name: string
  title: string
}
export interface LookupRequest {
  cpr: string
  clinic?: string
}
export interface Citizen {
  id: string
  name: string
  born: string
  age: number
  masked: string
  warnings?: string[]
  clinic?: Clinic
  cover?: Clinic
  unchecked?: boolean
}
export interface Clinics {
  clinics: Clinic[]
}
export interface Clinic {
  id: string
  name: string
  town: string
  ydernummer: string
  phone: string
  open: boolean
  closed?: string
  opens_at?: string
  closes_at?: string
  delay_min?: number
  delay_at?: string
  unstaffed?: boolean
}
export interface JoinRequest {
  citizen: string
  clinic: string
  mode: string
  reason?: string
  room?: string
  consent?: Consent
  take_over?: string
  corrects?: string
}
export interface Consent {
  kind: string
  reason?: string
}
export interface Entry {
  id: string
  version: number
  state: string
  presence: string
  mode: string
  number: number
  before: number
  wait?: Wait
  joined_at: string
  notice?: string
  clinic: Clinic
  citizen?: Citizen
  helper?: Helper
  call?: EntryCall
  cursor: string
  ended_by?: string
  started_at?: string
  ended_at?: string
  end_reason?: string
  end_words?: string
  emergency_at?: string
  holders: number
  planned_at?: string
  handed_to?: Employee
  messages?: Message[]
}
export interface Message {
  id: string
  text: string
  sender: Employee
  all?: boolean
  at: string
  read_at?: string
}
export interface ReadRequest {
  messages: string[]
}
export interface Wait {
  from_min: number
  to_min: number
}
export interface EntryCall {
  id: string
  clinician: Employee
  ring_until?: string
  ring_for?: number
}
export interface Entries {
  entries: Entry[]
}
export interface LeaveRequest {
  reason: string
}
export interface PresenceRequest {
  presence: string
}
export interface MediaRequest {
  media: string
}
export interface EndRequest {
  reason: string
}
export interface WrongRequest {
  why: string
}
export interface Relay {
  servers: ICEServer[]
  expires_in: number
}
export interface ICEServer {
  urls: string[]
  username?: string
  credential?: string
}
export interface SignalsRequest {
  signals: Signal[]
}
export interface SignalsReply {
  seq: number
}
export interface Signal {
  from?: string
  to?: string
  kind: string
  peer?: string
  sdp?: string
  candidates?: Candidate[]
  muted?: boolean
  camera_off?: boolean
  rung?: string
}
export interface Candidate {
  candidate: string
  sdp_mid: string | null
  sdp_mline_index: number | null
}
export interface Round {
  visits: RoundVisit[]
  cursor: string
  now: string
}
export interface RoundVisit {
  id: string
  position?: number
  state: string
  citizen: Citizen
  place?: string
  planned_at?: string
  entry?: string
  nurse?: Employee
}
export interface VisitRequest {
  citizen: string
  place?: string
  planned_at?: string
}
export interface VisitMoveRequest {
  to: number
}
export interface RoundImportRequest {
  list: string
}
export interface RoundImportReply {
  round?: Round
  faults?: RowFault[]
}
export interface RowFault {
  line: number
  msg: string
  params?: Record<string, string>
}
export interface MissedVisits {
  visits: RoundVisit[]
}
export interface HandoverReply {
  handover: Handover
  code: string
}
export interface Handover {
  id: string
  from: Employee
  expires_in: number
  accepted_at?: string
  accepted_by?: Employee
}
export interface AcceptRequest {
  code: string
}
export interface AcceptReply {
  handover: Handover
  entries: Entry[]
  later?: number
  round: Round
}
export interface VisitMissed {
  visit: string
}
export interface HandoverAccepted {
  handover: string
}
export interface HandedOver {
  entry: string
}
export interface Summary {
  id: string
  version: number
  entry: string
  url: string
  expires_at: string
  citizen: Citizen
  clinician: Speaker
  clinic: string
  helper: Speaker
  municipality: string
  others: string[]
  mode: string
  from: string
  to: string
  ended_by: string
  consent?: Consent
  withdrawn_at?: string
  code?: string
  orders: Ordered[]
  tools: string[]
  end_reason: string
  agreed?: string
  follow_up?: string
  follow_up_at?: string
  went?: string
}
export interface Ordered {
  text: OrderText
  confirmed_at?: string
}
export interface Speaker {
  name: string
  title?: string
}
export interface Summaries {
  summaries: Summary[]
}
export interface NoteRequest {
  version: number
  agreed: string
  follow_up: string
  follow_up_at?: string
  went: string
}
export interface NoteReply {
  version: number
}
export interface TOBS {
  table?: unknown
}
export interface Value {
  number?: number
  method?: string
  choice?: string
}
export interface Result {
  title: string
  version: string
  owner: string
  parts: Part[]
  unscored?: Part[]
  missing?: string[]
  total?: number
  action?: string
}
export interface Part {
  key: string
  label: string
  value?: string
  unit?: string
  method?: string
  counts?: string
  unsaid?: boolean
  points?: number
  notes?: string[]
}
export interface Scored {
  values: Record<string, Value>
  at: string
  result: Result
}
