import { afterEach, describe, expect, it, vi } from "vitest";
import { SESSION_MAX_AGE_MS } from "../../src/limits-page.ts";
import { ADMIN_TOKEN, Visitor } from "../support/visitor.ts";
import { callWorker } from "../support/world.ts";

/** No account: what is asked here is who may see the page, and not what stands on it. */
const visitor = (options: ConstructorParameters<typeof Visitor>[1] = {}) => new Visitor([], options);

afterEach(() => vi.useRealTimers());

const STATUS = 'id="summary-title">Status<';
const SIGN_IN = 'id="sign-in-title">Sign in<';

describe("without an admin token", () => {
  it.each([undefined, ""])("set (%j) the page says how to set one, and shows nothing else", async (token) => {
    const closed = visitor({ changes: { EDGE_ADMIN_TOKEN: token } });
    for (const answer of [await closed.get("/"), await closed.signIn(""), await closed.get("/page/live")]) {
      const text = await answer.text();
      expect(answer.status).toBe(403);
      expect(text).toContain("npx wrangler secret put EDGE_ADMIN_TOKEN");
      expect(text).not.toContain("<form");
      expect(text).not.toContain("data-live");
    }
  });
});

describe("the page", () => {
  it("asks whoever is not signed in for the token, and shows nothing else", async () => {
    const text = await visitor().page();
    expect(text).toContain(SIGN_IN);
    expect(text).not.toContain("data-live");
    expect(text).not.toContain("page.js");
    expect((await visitor().get("/page/live")).status).toBe(403);
  });

  it("opens with the token", async () => {
    const somebody = visitor();
    const answer = await somebody.signIn();
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/"]);
    expect(await somebody.page()).toContain(STATUS);
    expect((await somebody.get("/page/live")).status).toBe(200);
  });

  it("goes on to the question that somebody came with", async () => {
    const somebody = visitor();
    expect(await somebody.page("/?why=msg_%22x")).toContain('name="why" value="msg_&quot;x"');
    const answer = await somebody.post("/page/login", { token: ADMIN_TOKEN, why: "msg_1&x=/" });
    expect(answer.headers.get("location")).toBe("/?why=msg_1%26x%3D%2F#why");
  });

  it("does not open with another token, nor with none", async () => {
    const stranger = visitor();
    const answer = await stranger.signIn("test-api-token");
    expect([answer.status, answer.headers.get("set-cookie")]).toEqual([403, null]);
    expect(await answer.text()).toContain("That is not the admin token.");
    expect((await stranger.post("/page/login", {})).status).toBe(403);
    expect(await stranger.page()).toContain(SIGN_IN);
  });

  it("is no route for programs, as before", async () => {
    for (const accept of ["application/json", "*/*", undefined]) {
      const answer = await callWorker("/", accept === undefined ? {} : { headers: { accept } });
      expect([answer.status, await answer.json()]).toMatchObject([404, { code: "not_found" }]);
    }
  });
});

describe("the session", () => {
  it("is in a cookie that no script reads and no other site sends", async () => {
    const answer = await visitor().signIn();
    expect(answer.headers.get("set-cookie")).toMatch(
      /^__Host-edge-session=[^;]+; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict; Secure$/,
    );
  });

  it.each(["http://127.0.0.1:8787", "http://localhost:8787", "http://[::1]:8787"])(
    "is possible in development at %s, where no browser keeps a __Host- cookie",
    async (origin) => {
      const developer = visitor({ origin });
      const answer = await developer.signIn();
      expect(answer.headers.get("set-cookie")).toMatch(
        /^edge-session=[^;]+; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict$/,
      );
      expect(await developer.page()).toContain(STATUS);
    },
  );

  it.each(["http://edge.example", "http://10.0.0.5:8787", "http://127.0.0.1.example.com"])(
    "is not at %s, where others could read it",
    async (origin) => {
      const careless = visitor({ origin });
      expect(await (await careless.get("/")).text()).toContain("Open this page over https");
      const answer = await careless.signIn();
      expect([answer.status, answer.headers.get("set-cookie")]).toEqual([403, null]);
    },
  );

  it("ends after twelve hours", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const somebody = visitor();
    await somebody.signIn();
    vi.setSystemTime(Date.now() + SESSION_MAX_AGE_MS - 1);
    expect(await somebody.page()).toContain(STATUS);
    vi.setSystemTime(Date.now() + 1);
    expect(await somebody.page()).toContain(SIGN_IN);
  });

  it("ends with the token that it was opened with", async () => {
    const somebody = visitor();
    await somebody.signIn();
    const later = visitor({ changes: { EDGE_ADMIN_TOKEN: "another" } });
    later.cookie = somebody.cookie;
    expect(await later.page()).toContain(SIGN_IN);
  });

  it("cannot be made longer, nor made up", async () => {
    const somebody = visitor();
    await somebody.signIn();
    const [name, mark = ""] = somebody.cookie?.split(/=(.*)/s) ?? [];
    const [until, id, signature = ""] = mark.split(".");
    const forged = [
      `${Number(until) + 1}.${id}.${signature}`,
      `${until}.${crypto.randomUUID()}.${signature}`,
      `${until}.${id}.${signature.replace(/^./, (first) => (first === "A" ? "B" : "A"))}`,
      `${until}.${id}.`,
      `${until}.${id}`,
      `${until}.${id}.not base64`,
      "",
    ];
    for (const one of forged) {
      somebody.cookie = `${name}=${one}`;
      expect(await somebody.page(), one).toContain(SIGN_IN);
    }
  });

  it("ends when somebody signs out", async () => {
    const somebody = visitor();
    await somebody.signIn();
    const answer = await somebody.post("/page/logout", { form: await somebody.formToken() });
    expect([answer.status, answer.headers.get("set-cookie")]).toMatchObject([
      303,
      expect.stringContaining("__Host-edge-session=; Path=/; Max-Age=0"),
    ]);
    expect(await somebody.page()).toContain(SIGN_IN);
  });
});

describe("every answer", () => {
  it("allows nothing that is not the page's own, and is kept by nobody", async () => {
    const somebody = visitor();
    const answers = [
      await somebody.get("/"),
      await somebody.signIn("wrong"),
      await somebody.signIn(),
      await somebody.get("/"),
      await somebody.get("/page/live"),
      await somebody.post("/page/logout", {}, {}),
      await somebody.post("/page/dead/retry", { form: "wrong" }),
    ];
    for (const { headers } of answers) {
      expect(Object.fromEntries(headers)).toMatchObject({
        "content-security-policy":
          "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        "referrer-policy": "same-origin",
        "x-content-type-options": "nosniff",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "cache-control": "no-store",
      });
    }
  });

  it("has no style and no script within", async () => {
    const somebody = visitor();
    await somebody.signIn();
    const text = await somebody.page();
    expect(text).not.toMatch(/<style|\sstyle=|\son[a-z]+=|javascript:/i);
    expect(text.match(/<script[^>]*>[^<]*/g)).toEqual(['<script src="/page/page.js" defer>']);
  });
});

describe("a form", () => {
  const OTHERS = {
    "no word of where it comes from": {},
    "another site": { origin: "https://evil.example", "sec-fetch-site": "cross-site" },
    "another site of the same owner": { origin: "https://x.edge.example", "sec-fetch-site": "same-site" },
    "a frame without an origin": { origin: "null", "sec-fetch-site": "cross-site" },
    "the right origin over http": { origin: "http://edge.example", "sec-fetch-site": "cross-site" },
    "a browser that knows better": { origin: "https://edge.example", "sec-fetch-site": "cross-site" },
  };

  it.each(Object.entries(OTHERS))("from %s is refused", async (_, headers) => {
    const somebody = visitor();
    expect((await somebody.post("/page/login", { token: ADMIN_TOKEN }, headers)).status).toBe(403);
    expect(somebody.cookie).toBeUndefined();
    await somebody.signIn();
    const form = await somebody.formToken();
    for (const path of ["/page/logout", "/page/dead/retry", "/page/dead/discard"])
      expect((await somebody.post(path, { form }, headers)).status, path).toBe(403);
    expect(await somebody.page()).toContain(STATUS);
  });

  it("without this session's own token is refused", async () => {
    const [somebody, other] = [visitor(), visitor()];
    await somebody.signIn();
    await other.signIn();
    for (const form of ["", "wrong", await other.formToken()])
      expect((await somebody.post("/page/logout", { form })).status).toBe(403);
    expect((await somebody.post("/page/logout", {})).status).toBe(403);
    expect(await somebody.page()).toContain(STATUS);
  });

  it("of somebody who is not signed in leads to signing in", async () => {
    const answer = await visitor().post("/page/dead/retry", { form: "", account: "a", message: "m" });
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/"]);
  });

  it("that is too large is not read", async () => {
    const answer = await visitor().post("/page/login", { token: "x".repeat(9_000) });
    expect(answer.status).toBe(413);
  });
});

describe("wrong tokens", () => {
  const guess = (guesser: Visitor, times: number) =>
    Promise.all(Array.from({ length: times }, (_, index) => guesser.signIn(`guess ${index}`)));

  it("are not heard any more once an address has given too many, and then the right one is not either", async () => {
    const guesser = visitor({ address: "198.51.100.7" });
    // Twice as many as may be, since they may fall into two of the periods that they are counted in.
    await guess(guesser, 21);
    const answer = await guesser.signIn();
    expect([answer.status, answer.headers.get("set-cookie")]).toEqual([429, null]);
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await answer.text()).toContain("Too many wrong tokens came from your address.");
  });

  it("lock out nobody at another address, and nobody who is signed in", async () => {
    const owner = visitor({ address: "198.51.100.8" });
    await owner.signIn();
    await guess(visitor({ address: "198.51.100.8" }), 21);
    expect(await owner.page()).toContain(STATUS);
    expect((await visitor({ address: "198.51.100.9" }).signIn()).status).toBe(303);
  });

  it("are counted for a whole network where everybody has one", async () => {
    await guess(visitor({ address: "2001:db8:1:2:3::4" }), 21);
    expect((await visitor({ address: "2001:db8:1:2:ffff::1" }).signIn()).status).toBe(429);
    expect((await visitor({ address: "2001:db8:1:3::1" }).signIn()).status).toBe(303);
  });

  it("are counted at the API as well", async () => {
    const act = (token: string) =>
      callWorker("/v1/accounts/page/dead/msg_1/retry", {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "cf-connecting-ip": "198.51.100.10" },
      });
    for (let index = 0; index < 21; index++) await act(`guess ${index}`);
    const answer = await act(ADMIN_TOKEN);
    expect([answer.status, await answer.json()]).toMatchObject([429, { code: "too_many_attempts" }]);
    expect(answer.headers.get("retry-after")).toMatch(/^\d+$/);
  });

  it("are no matter once the time is over", async () => {
    const guesser = visitor({ address: "198.51.100.11" });
    await guess(guesser, 21);
    vi.useFakeTimers({ toFake: ["Date"] });
    vi.setSystemTime(Date.now() + 60_000);
    expect((await guesser.signIn()).status).toBe(303);
  });
});
