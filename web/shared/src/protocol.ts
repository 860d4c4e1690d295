/* Generated from protocol/ by `make types`: change it there. */

/**
 * This interface was referenced by `Protocol`'s JSON-Schema
 * via the `definition` "FromPage".
 */
export type FromPage =
  TrySignIn | Confirm | ReadNotice | AcknowledgeRules | Answer | Mark | HandIn | RaiseHand | Acknowledge | PageEvent;
/**
 * This interface was referenced by `Protocol`'s JSON-Schema
 * via the `definition` "ItemKind".
 */
export type ItemKind = "true_false" | "single" | "multiple" | "fill_in" | "ordering" | "matching" | "short_answer";
/**
 * This interface was referenced by `Protocol`'s JSON-Schema
 * via the `definition` "Stage".
 */
export type Stage =
  | "connecting"
  | "sign_in"
  | "confirm"
  | "notice"
  | "waiting"
  | "rules"
  | "exam"
  | "paused"
  | "suspended"
  | "voided"
  | "handed_in";
/**
 * This interface was referenced by `Protocol`'s JSON-Schema
 * via the `definition` "ToConsole".
 */
export type ToConsole = FloorSnapshot | FloorChanges;
/**
 * This interface was referenced by `Protocol`'s JSON-Schema
 * via the `definition` "ToPage".
 */
export type ToPage = SeatView | AnswersSaved | TimeNow | Replaced;

export interface Protocol {}
/**
 * A message was read.
 *
 * This interface was referenced by `Protocol`'s JSON-Schema
 * via the `definition` "Acknowledge".
 */
export interface Acknowledge {
  message: string;
  type: "acknowledge";
}
/**
 * 我已阅读.
 *
 * This interface was referenced by `Protocol`'s JSON-Schema
 * via the `definition` "AcknowledgeRules".
 */
export interface AcknowledgeRules {
  type: "rules_read";
}
/**
 * One line of the alarm queue, keyed by ``alarm``; worst first, then oldest. Machines observe, people rule.
 *
 * This interface was referenced by `Protocol`'s JSON-Schema
 * via the `definition` "AlarmRow".
 */
export interface AlarmRow {
  alarm: string;
  /**
   * UTC milliseconds of the room's clock
   */
  at: number;
  attempt: string | null;
  code: string;
  duration_ms: number | null;
  evidence: string[];
  note: string | null;
  open: boolean;
  seat: number | null;
  severity: "info" | "minor" | "major" | "severe";
  source: "person" | "machine" | "candidate";
}
/**
 * A whole response to one item.
 *
 * This interface was referenced by `Protocol`'s JSON-Schema
 * via the `definition` "Answer".
 */
export interface Answer {
  /**
   * letters as displayed (of ordering in the given order, of matching one for each premise), or the typed texts, one for each blank; what is left out is an empty text; an empty list is no answer
   */
  response: string[];
  /**
   * number of the item in this paper
   */
  slot: number;
  type: "answer";
}
/**
 * One item's response, and how safe it is.
 *
 * This interface was referenced by `Protocol`'s JSON-Schema
 * via the `definition` "AnswerState".
 */
export interface AnswerState {
  marked: boolean;
  /**
   * letters as displayed (of ordering in the given order, of matching one for each premise), or the typed texts, one for each blank; what is left out is an empty text; an empty list is no answer
   */
  response: string[];
  saved: "seat" | "room";
  /**
   * number of the item in this paper
   */
  slot: number;
}
/**
 * Answers are durable on this seat or in the room; only the newest state of each slot is named.
 *
 * This interface was referenced by `Protocol`'s JSON-Schema
 * via the `definition` "AnswersSaved".
 */
export interface AnswersSaved {
  answers: AnswerState[];
  type: "saved";
}
/**
 * What the candidate checks on the screen (信息核对); the document number is masked.
 *
 * This interface was referenced by `Protocol`'s JSON-Schema
 * via the `definition` "CandidateCard".
 */
export interface CandidateCard {
  document_masked: string;
  name: string;
  /**
   * registered photo as base64 JPEG, at most 120 kB
   */
  photo: string | null;
  room: string;
  session: string;
  subject: string;
  ticket: string;
}
/**
 * Time as the seat counts it: the page counts down from ``remaining_ms`` at ``room_time``.
 *
 * This interface was referenced by `Protocol`'s JSON-Schema
 * via the `definition` "Clock".
 */
export interface Clock {
  remaining_ms: number;
  /**
   * UTC milliseconds of the room's clock
   */
  room_time: number;
  running: boolean;
  starts_at: number | null;
}
/**
 * 信息核对: that is me; or not, which raises a hand and goes back to the sign-in.
 *
 * This interface was referenced by `Protocol`'s JSON-Schema
 * via the `definition` "Confirm".
 */
export interface Confirm {
  me: boolean;
  type: "confirm";
}
/**
 * Rows that changed since the last message; each replaces the one of its key.
 *
 * This interface was referenced by `Protocol`'s JSON-Schema
 * via the `definition` "FloorChanges".
 */
export interface FloorChanges {
  alarms: AlarmRow[];
  n: number;
  /**
   * UTC milliseconds of the room's clock
   */
  room_time: number;
  rows: FloorRow[];
  session: SessionRow | null;
  stations: StationRow[];
  type: "changes";
}
/**
 * One attempt on the floor, keyed by ``attempt``; names are for the eyes of this room's staff.
 *
 * This interface was referenced by `Protocol`'s JSON-Schema
 * via the `definition` "FloorRow".
 */
export interface FloorRow {
  answered: number;
  attempt: string;
  away_ms: number;
  away_since: number | null;
  away_times: number;
  camera: "ok" | "lost" | "too_small" | "covered" | "dark" | "unknown";
  clock: SeatClock;
  document_masked: string;
  flags_open: number;
  /**
   * also after the hand-in: until somebody came, or the form is signed
   */
  hand_raised: boolean;
  /**
   * when anything last came from the seat
   */
  heard_from_at: number | null;
  items: number;
  /**
   * closed streams with late answers a person may admit
   */
  late_streams: string[];
  link: "connected" | "offline" | "never";
  machine_changes: number;
  name: string;
  /**
   * answers received that do not count
   */
  not_counted: number;
  orders_unheard: number;
  photo: string | null;
  picture: SeatPicture | null;
  /**
   * snapshots whose bytes are in the room
   */
  pictures: number;
  pictures_missed: number;
  pictures_outstanding: number;
  receipt: string | null;
  rules_acknowledged: boolean;
  seat: number;
  state:
    | "expected"
    | "checked_in"
    | "waiting"
    | "running"
    | "away"
    | "suspended"
    | "handed_in"
    | "collected"
    | "refused"
    | "absent"
    | "voided";
  station: string | null;
  subject: string;
  ticket: string;
  void: "none" | "proposed" | "signed" | "upheld" | "lifted";
  worst_flag: ("info" | "minor" | "major" | "severe") | null;
}
/**
 * Time of one attempt: counted down by the console from ``room_time`` of the message.
 *
 * This interface was referenced by `Protocol`'s JSON-Schema
 * via the `definition` "SeatClock".
 */
export interface SeatClock {
  end_at: number | null;
  remaining_ms: number;
  started_at: number | null;
}
/**
 * The newest snapshot whose bytes are in the room.
 *
 * This interface was referenced by `Protocol`'s JSON-Schema
 * via the `definition` "protocol__console__SeatPicture".
 */
export interface SeatPicture {
  digest: string;
  /**
   * UTC milliseconds of the room's clock
   */
  taken_at: number;
}
/**
 * The session itself.
 *
 * This interface was referenced by `Protocol`'s JSON-Schema
 * via the `definition` "SessionRow".
 */
export interface SessionRow {
  /**
   * attempts by state
   */
  counts: {
    [k: string]: number;
  };
  end_at: number | null;
  /**
   * what still stands before the start
   */
  gates: ("check_in" | "rules" | "proctors")[];
  late_cutoff_at: number | null;
  paused_at: number | null;
  proctors_min: number;
  room: string;
  rules_read_at: number | null;
  rules_read_by: string | null;
  run_type: string;
  session: string;
  start_confirmed_by: string[];
  started_at: number | null;
  /**
   * UTC milliseconds of the room's clock
   */
  starts_at: number;
  state: string;
  title: string;
}
/**
 * One station of the room as the machine check sees it, keyed by ``station``.
 *
 * This interface was referenced by `Protocol`'s JSON-Schema
 * via the `definition` "StationRow".
 */
export interface StationRow {
  camera: string;
  clock_offset_ms: number | null;
  connected: boolean;
  disk_free_mb: number | null;
  fit: boolean;
  height: number;
  reasons: string[];
  seat: number | null;
  software: string;
  station: string;
  width: number;
}
/**
 * Everything, at position n.
 *
 * This interface was referenced by `Protocol`'s JSON-Schema
 * via the `definition` "FloorSnapshot".
 */
export interface FloorSnapshot {
  alarms: AlarmRow[];
  n: number;
  /**
   * UTC milliseconds of the room's clock
   */
  room_time: number;
  rows: FloorRow[];
  session: SessionRow;
  stations: StationRow[];
  type: "snapshot";
}
/**
 * Ticket and document number as typed.
 *
 * This interface was referenced by `Protocol`'s JSON-Schema
 * via the `definition` "TrySignIn".
 */
export interface TrySignIn {
  document: string;
  ticket: string;
  type: "sign_in";
}
/**
 * The notice on camera and data was read.
 *
 * This interface was referenced by `Protocol`'s JSON-Schema
 * via the `definition` "ReadNotice".
 */
export interface ReadNotice {
  type: "notice_read";
}
/**
 * Mark for review, or unmark.
 *
 * This interface was referenced by `Protocol`'s JSON-Schema
 * via the `definition` "Mark".
 */
export interface Mark {
  marked: boolean;
  /**
   * number of the item in this paper
   */
  slot: number;
  type: "mark";
}
/**
 * The candidate hands in (asked twice by the page).
 *
 * This interface was referenced by `Protocol`'s JSON-Schema
 * via the `definition` "HandIn".
 */
export interface HandIn {
  type: "hand_in";
}
/**
 * 举手.
 *
 * This interface was referenced by `Protocol`'s JSON-Schema
 * via the `definition` "RaiseHand".
 */
export interface RaiseHand {
  raised: boolean;
  type: "raise_hand";
}
/**
 * What the browser tells: left, came back, clipboard.
 *
 * This interface was referenced by `Protocol`'s JSON-Schema
 * via the `definition` "PageEvent".
 */
export interface PageEvent {
  cause: "hidden" | "focus_lost" | "full_screen_left" | "copy" | "cut" | "paste" | "context_menu" | "print";
  event: "left" | "returned" | "clipboard";
  type: "event";
}
/**
 * A proctor's message or warning, shown until acknowledged.
 *
 * This interface was referenced by `Protocol`'s JSON-Schema
 * via the `definition` "Notice".
 */
export interface Notice {
  message: string;
  text: string;
  warning: boolean;
}
/**
 * After hand-in.
 *
 * This interface was referenced by `Protocol`'s JSON-Schema
 * via the `definition` "Receipt".
 */
export interface Receipt {
  answered: number;
  /**
   * UTC milliseconds of the room's clock
   */
  at: number;
  delivered: boolean;
  digest: string;
  total: number;
}
/**
 * Another page took over; this one must not write any more.
 *
 * This interface was referenced by `Protocol`'s JSON-Schema
 * via the `definition` "Replaced".
 */
export interface Replaced {
  type: "replaced";
}
/**
 * One item of a scored paper, for the review; no key. ``score``: None while it waits for assessors.
 *
 * This interface was referenced by `Protocol`'s JSON-Schema
 * via the `definition` "ScoreLine".
 */
export interface ScoreLine {
  /**
   * a score in hundredths
   */
  max_score: number;
  response: string[];
  score: number | null;
  slot: number;
  vouched: string;
}
/**
 * The stem several items share 案例背景.
 *
 * This interface was referenced by `Protocol`'s JSON-Schema
 * via the `definition` "SeatCase".
 */
export interface SeatCase {
  markup: "text" | "html";
  stem: string;
}
/**
 * One item as displayed, named by its number in this paper alone.
 *
 * ``markup``: whether its texts are plain or sanitised HTML, pictures as ``picture:<name>``. ``premises``: texts to be
 * matched, each with one option. ``blanks``: how many texts are to be typed. ``case``: index into the section's cases.
 *
 * This interface was referenced by `Protocol`'s JSON-Schema
 * via the `definition` "SeatItem".
 */
export interface SeatItem {
  blanks: number;
  case: number | null;
  kind: "true_false" | "single" | "multiple" | "fill_in" | "ordering" | "matching" | "short_answer";
  markup: "text" | "html";
  options: SeatOption[];
  premises: string[];
  /**
   * a score in hundredths
   */
  score: number;
  /**
   * number of the item in this paper
   */
  slot: number;
  stem: string;
}
/**
 * One option as displayed; letters stand in natural order whatever the order drawn.
 *
 * This interface was referenced by `Protocol`'s JSON-Schema
 * via the `definition` "SeatOption".
 */
export interface SeatOption {
  letter: string;
  text: string;
}
/**
 * The whole paper of one attempt. The station keeps and serves its pictures; the page gets none of their bytes.
 *
 * This interface was referenced by `Protocol`'s JSON-Schema
 * via the `definition` "SeatPaper".
 */
export interface SeatPaper {
  attempt: string;
  duration_ms: number;
  /**
   * a score in hundredths
   */
  max_score: number;
  pictures: SeatPicture1[];
  sections: SeatSection[];
  subject: string;
}
/**
 * A picture of the paper: its name is the SHA-256 of its bytes, which travel in base64.
 *
 * This interface was referenced by `Protocol`'s JSON-Schema
 * via the `definition` "protocol__paper__SeatPicture".
 */
export interface SeatPicture1 {
  data: string;
  media_type: "image/png" | "image/jpeg" | "image/gif" | "image/webp" | "image/svg+xml";
  name: string;
}
/**
 * One part of the paper: items of one kind, or cases whose items are of several kinds.
 *
 * This interface was referenced by `Protocol`'s JSON-Schema
 * via the `definition` "SeatSection".
 */
export interface SeatSection {
  cases: SeatCase[];
  items: SeatItem[];
  kind: "true_false" | "single" | "multiple" | "fill_in" | "ordering" | "matching" | "short_answer" | "case";
  /**
   * a score in hundredths
   */
  score_each: number;
  title: string;
}
/**
 * Everything the page shows; sent whole at connection and whenever anything but the answers changed.
 *
 * This interface was referenced by `Protocol`'s JSON-Schema
 * via the `definition` "SeatView".
 */
export interface SeatView {
  answers: AnswerState[];
  camera: "ok" | "lost" | "too_small" | "covered" | "dark";
  card: CandidateCard | null;
  clock: Clock | null;
  earliest_hand_in_ms: number;
  hand_raised: boolean;
  link: "connected" | "offline";
  notice_text: string[];
  notices: Notice[];
  paper: SeatPaper | null;
  receipt: Receipt | null;
  refusal: string | null;
  refusal_en: string | null;
  rules_text: string[];
  seat: number | null;
  stage:
    | "connecting"
    | "sign_in"
    | "confirm"
    | "notice"
    | "waiting"
    | "rules"
    | "exam"
    | "paused"
    | "suspended"
    | "voided"
    | "handed_in";
  time_left_warning_ms: number;
  time_left_warning_shown_ms: number;
  type: "view";
}
/**
 * The clock again, every few seconds and after every order.
 *
 * This interface was referenced by `Protocol`'s JSON-Schema
 * via the `definition` "TimeNow".
 */
export interface TimeNow {
  clock: Clock;
  type: "time";
}
/**
 * One line of a seat's timeline, for the seat drawer and the review.
 *
 * This interface was referenced by `Protocol`'s JSON-Schema
 * via the `definition` "TimelineLine".
 */
export interface TimelineLine {
  /**
   * UTC milliseconds of the room's clock
   */
  at: number;
  author: "station" | "server";
  by: string | null;
  by_name: string | null;
  facts: {
    [k: string]: string | number | boolean | null;
  };
  n: number;
  note: string | null;
  picture: string | null;
  /**
   * UTC milliseconds of the room's clock
   */
  received_at: number;
  type: string;
}
