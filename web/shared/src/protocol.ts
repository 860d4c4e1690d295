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
export type ItemKind = "true_false" | "single" | "multiple";
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
 * A whole response to one item.
 *
 * This interface was referenced by `Protocol`'s JSON-Schema
 * via the `definition` "Answer".
 */
export interface Answer {
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
 * One item as displayed, named by its number in this paper alone.
 *
 * This interface was referenced by `Protocol`'s JSON-Schema
 * via the `definition` "SeatItem".
 */
export interface SeatItem {
  options: SeatOption[];
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
 * The whole paper of one attempt.
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
  sections: SeatSection[];
  subject: string;
}
/**
 * One part of the paper: items of one kind, each worth the same.
 *
 * This interface was referenced by `Protocol`'s JSON-Schema
 * via the `definition` "SeatSection".
 */
export interface SeatSection {
  items: SeatItem[];
  kind: "true_false" | "single" | "multiple";
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
