/** How the console speaks to the room server: JSON over HTTP, every command with its own id, every refusal a sentence. */

/** The room server said no; nothing of it happened. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly zh: string,
    readonly en: string,
    readonly body: unknown,
  ) {
    super(en);
  }
}

/** No answer came: whether the command happened is not known, so it is repeated under the same id. */
export class Unreachable extends Error {}

let signedOut: () => void = () => undefined;

/** What happens when the server no longer knows this login. */
export function whenSignedOut(listener: () => void): void {
  signedOut = listener;
}

function asRefusal(status: number, body: unknown): Refusal {
  const said = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
  const text = (key: string, otherwise: string) => (typeof said[key] === "string" ? (said[key] as string) : otherwise);
  return new Refusal(
    status,
    text("code", status === 422 ? "malformed" : "failed"),
    text("zh", `考场服务器没有接受此操作（${status}）。`),
    text("en", `The room server did not accept this (${status}).`),
    body,
  );
}

async function exchange<T>(path: string, init: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, { credentials: "same-origin", ...init });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Unreachable(String(error));
  }
  const text = await response.text();
  let body: unknown = null;
  try {
    body = text === "" ? null : JSON.parse(text);
  } catch {
    // A proxy's or a crashed server's page is no answer of ours.
    if (response.ok) throw new Unreachable("not JSON");
  }
  if (response.ok) return body as T;
  if (response.status === 401 && !path.endsWith("/login")) signedOut();
  if (response.status >= 502 && response.status <= 504) throw new Unreachable(String(response.status));
  throw asRefusal(response.status, body);
}

/** Read something. */
export function ask<T>(path: string, signal?: AbortSignal): Promise<T> {
  return exchange<T>(path, { headers: { Accept: "application/json" }, ...(signal ? { signal } : {}) });
}

/** An id no other command has. `randomUUID` needs a secure page, `getRandomValues` does not. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

const unanswered = new Map<string, string>();

/**
 * Do something. A command that got no answer and is sent again unchanged carries the same id, so that the server
 * gives the first outcome and nothing happens twice.
 */
export async function send<T>(method: "POST" | "PUT" | "PATCH" | "DELETE", to: string, body: object | Blob | FormData): Promise<T> {
  // A file goes as it is; two choices of a file are two commands.
  const form = body instanceof FormData || body instanceof Blob;
  const same = form ? null : `${method} ${to} ${JSON.stringify(body)}`;
  const key = (same === null ? undefined : unanswered.get(same)) ?? newKey();
  if (same !== null) unanswered.set(same, key);
  const answered = (): void => {
    if (same !== null) unanswered.delete(same);
  };
  try {
    const done = await exchange<T>(to, {
      method,
      headers: { "Idempotency-Key": key, ...(form ? {} : { "Content-Type": "application/json" }) },
      body: form ? body : JSON.stringify(body),
    });
    answered();
    return done;
  } catch (error) {
    if (!(error instanceof Unreachable)) answered();
    throw error;
  }
}

export const command = <T>(to: string, body: object | Blob | FormData = {}): Promise<T> => send<T>("POST", to, body);

/** A path with its parts escaped. */
export function path(strings: TemplateStringsArray, ...values: (string | number)[]): string {
  return strings.reduce((whole, part, index) => {
    const value = values[index];
    return whole + part + (value === undefined ? "" : encodeURIComponent(value));
  }, "");
}
