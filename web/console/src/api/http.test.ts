import { afterEach, describe, expect, it, vi } from "vitest";

import { ask, command, newKey, path, Refusal, Unreachable, whenSignedOut } from "./http";

const calls: { path: string; key: string | undefined }[] = [];

function answers(...answers: (Response | Error)[]): void {
  calls.length = 0;
  vi.stubGlobal("fetch", async (to: string, init: RequestInit) => {
    const headers = init.headers as Record<string, string>;
    calls.push({ path: to, key: headers["Idempotency-Key"] });
    const next = answers.shift();
    if (next === undefined) throw new Error("no answer left");
    if (next instanceof Error) throw next;
    return next;
  });
}

const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status });

afterEach(() => vi.unstubAllGlobals());

describe("command", () => {
  it("repeats an unanswered command under the same id", async () => {
    answers(new TypeError("network"), json({ ok: true }));
    await expect(command("/api/x", { reason: "a" })).rejects.toBeInstanceOf(Unreachable);
    await command("/api/x", { reason: "a" });
    expect(calls[0]?.key).toBeTruthy();
    expect(calls[1]?.key).toBe(calls[0]?.key);
  });
  it("takes a new id when what is said has changed, or an answer came", async () => {
    answers(new TypeError("network"), json({}), json({}));
    await expect(command("/api/y", { reason: "a" })).rejects.toBeInstanceOf(Unreachable);
    await command("/api/y", { reason: "b" });
    await command("/api/y", { reason: "b" });
    expect(new Set(calls.map((call) => call.key)).size).toBe(3);
  });
  it("carries a refusal's sentences", async () => {
    answers(json({ code: "late", zh: "已过入场截止时间。", en: "Too late." }, 409));
    const refused = await command("/api/z").catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(Refusal);
    expect(refused).toMatchObject({ status: 409, code: "late", zh: "已过入场截止时间。", en: "Too late." });
  });
});

describe("ask", () => {
  it("says when the login is gone", async () => {
    let out = 0;
    whenSignedOut(() => out++);
    answers(json({ code: "signed_out", zh: "请登录。", en: "Sign in." }, 401));
    await expect(ask("/api/me")).rejects.toBeInstanceOf(Refusal);
    expect(out).toBe(1);
  });
  it("calls a server's page no answer", async () => {
    answers(new Response("<html>", { status: 200 }), new Response("<html>", { status: 502 }));
    await expect(ask("/api/a")).rejects.toBeInstanceOf(Unreachable);
    await expect(ask("/api/a")).rejects.toBeInstanceOf(Unreachable);
  });
});

describe("path", () => {
  it("escapes what people typed", () => expect(path`/api/sessions/${"a/b#1"}/end`).toBe("/api/sessions/a%2Fb%231/end"));
});

describe("newKey", () => {
  it("is a version 4 UUID and never the same", () => {
    expect(newKey()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(newKey()).not.toBe(newKey());
  });
});
