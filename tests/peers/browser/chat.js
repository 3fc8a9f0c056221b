"use strict";
// The chat in a headless Chromium: a keyboard only, a reload, a broken connection,
// words that want to be markup, and the button in a page of another origin. Every
// state is looked at with axe-core, at 320 and 1280 pixels, light and dark.
//
// Its one argument is the path of the browser. It reads one JSON object from its
// standard input: { base, other, shots? }. `base` is the gateway; `other` is the
// origin that may frame it, whose pages this script serves itself. It writes
// { ok, checks, findings: [{step, view, what, detail}], shots: [file] }.
const fs = require("node:fs");
const http = require("node:http");
const path = require("node:path");
const { chromium } = require("playwright-core");
const AXE = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const VIEWS = [
  { name: "phone-light", width: 320, height: 720, scheme: "light" },
  { name: "phone-dark", width: 320, height: 720, scheme: "dark" },
  { name: "desk-light", width: 1280, height: 900, scheme: "light" },
  { name: "desk-dark", width: 1280, height: 900, scheme: "dark" },
];
const PATIENCE = 30000;
const HOSTILE = "<img src=x onerror=alert(1)>\u202etxt.exe </li><script>document.title='x'</script>";

async function main() {
  const scenario = JSON.parse(fs.readFileSync(0, "utf8"));
  const out = { ok: false, checks: 0, findings: [], shots: [] };
  const browser = await chromium.launch({
    executablePath: process.argv[2],
    args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--lang=vi"],
  });
  const portal = await servePortal(scenario);
  try {
    for (const view of VIEWS) {
      await walk(browser, scenario, view, out, "page", inThePage);
      await walk(browser, scenario, view, out, "widget", inAnotherPage);
    }
    await walk(browser, scenario, VIEWS[2], out, "broken", overABrokenLine);
    await walk(browser, scenario, VIEWS[2], out, "stranger", framedByAStranger);
  } finally {
    portal.close();
    await browser.close();
  }
  out.ok = out.findings.length === 0;
  process.stdout.write(JSON.stringify(out) + "\n");
}

// A strict page of a province's portal that embeds the chat with one tag.
async function servePortal({ base, other }) {
  const server = http.createServer((request, response) => {
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.setHeader("content-security-policy", `default-src 'none'; script-src ${base}; frame-src ${base}; img-src data:`);
    response.end(
      `<!doctype html><html lang="vi"><head><title>Cổng của tỉnh</title><meta name="viewport" content="width=device-width, initial-scale=1">` +
        `<link rel="icon" href="data:,"></head><body><main><h1>Cổng của tỉnh</h1><p><a href="#" id="before">Trước</a></p></main>` +
        `<script src="${base}/chat/widget.js" defer></script></body></html>`,
    );
  });
  const { hostname, port } = new URL(other);
  await new Promise((ready) => server.listen(Number(port), hostname, ready));
  return server;
}

async function walk(browser, scenario, view, out, step, story) {
  const context = await browser.newContext({
    viewport: { width: view.width, height: view.height },
    colorScheme: view.scheme,
    locale: "vi-VN",
    timezoneId: "Asia/Ho_Chi_Minh",
    reducedMotion: "reduce",
  });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  const found = (what, detail) => out.findings.push({ step, view: view.name, what, detail });
  page.on("pageerror", (problem) => found("script failed", String(problem)));
  page.on("dialog", (dialog) => {
    found("a dialog", dialog.message());
    dialog.dismiss();
  });
  const expected = step === "broken" || step === "stranger";
  page.on("console", (line) => {
    if (line.type() === "error" && !expected) found("console", line.text());
  });
  const tools = {
    page,
    view,
    found,
    base: scenario.base,
    other: scenario.other,
    check: (fits, what, detail) => {
      out.checks += 1;
      if (!fits) found(what, detail);
    },
    shot: async (name) => {
      if (!scenario.shots) return;
      const file = path.join(scenario.shots, `${name}-${view.name}.png`);
      await page.screenshot({ path: file, animations: "disabled" });
      out.shots.push(file);
    },
  };
  try {
    await story(tools);
  } catch (problem) {
    found("failed", String(problem.message || problem).split("\n").slice(0, 6).join("\n"));
  }
  await context.close();
}

async function look({ page, check }, frame = page) {
  const wide = await frame.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
  check(!wide, "wider than the window", "");
  const small = await frame.evaluate(() => {
    const targets = [...document.querySelectorAll("button, textarea, a.button, a.quiet")];
    const low = targets.filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 43.5);
    return low.map((one) => one.outerHTML.slice(0, 100));
  });
  check(small.length === 0, "small target", small);
  await frame.evaluate(AXE);
  const result = await frame.evaluate(
    `axe.run(document, { runOnly: ${JSON.stringify(RULES)}, resultTypes: ["violations"] })`,
  );
  const bad = result.violations.map((one) => [one.id, one.nodes[0].target.join(" "), one.nodes[0].failureSummary]);
  check(bad.length === 0, "axe", bad);
}

const connected = (frame) => frame.waitForFunction(() => document.getElementById("chat-state").textContent.includes("Đã kết nối"));
const said = (frame, kind, count) =>
  frame.waitForFunction(([kind, count]) => document.querySelectorAll(`.line.${kind}`).length >= count, [kind, count]);
const arrived = (frame) => frame.waitForFunction(() => !document.querySelector(".fate"));
const texts = (frame) => frame.evaluate(() => [...document.querySelectorAll(".line .words")].map((one) => one.textContent));
const focus = (frame) => frame.evaluate(() => document.activeElement && document.activeElement.id);

async function inThePage(tools) {
  const { page, base, check, shot } = tools;
  await page.goto(`${base}/chat`, { waitUntil: "load" });
  await connected(page);
  await look(tools);
  check(!(await page.locator("#chat-bare").isVisible()), "the words for browsers without scripts are shown", "");
  // By the keyboard alone: to the box, a line break, and off.
  for (let times = 0; times < 40 && (await focus(page)) !== "chat-text"; times += 1) await page.keyboard.press("Tab");
  check((await focus(page)) === "chat-text", "no way to the box by Tab", await focus(page));
  await page.keyboard.type("làm giấy khai sinh");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("cần gì");
  await page.keyboard.press("Enter");
  await said(page, "assistant", 1);
  await arrived(page);
  check((await focus(page)) === "chat-text", "the focus did not stay", await focus(page));
  check((await page.inputValue("#chat-text")) === "", "the box is not empty", "");
  const first = await texts(page);
  check(first.length === 2 && first[0] === "làm giấy khai sinh\ncần gì", "what was said stands there twice or not at all", first);
  check((await page.locator(".line.assistant .who").first().innerText()) === "Trợ lý:", "nobody is named", "");
  await look(tools);
  await shot("chat");
  // A button of the answer is a button, and a keyboard presses it.
  await page.keyboard.press("Shift+Tab");
  for (let times = 0; times < 9 && !(await page.evaluate(() => document.activeElement.closest(".choices"))); times += 1)
    await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Enter");
  await said(page, "assistant", 2);
  await arrived(page);
  check((await focus(page)) === "chat-text", "the focus was lost with the button", await focus(page));
  // Words that want to be more than words.
  await page.fill("#chat-text", HOSTILE);
  await page.keyboard.press("Enter");
  await said(page, "assistant", 3);
  await arrived(page);
  check((await page.title()) === "Hỏi đáp – Đa Kênh", "markup was run", await page.title());
  check((await page.locator("#chat img, #chat script").count()) === 0, "markup was put in", "");
  // Digits that may be secret are shown as they are kept.
  await page.fill("#chat-text", "CCCD của tôi 074085001234");
  await page.keyboard.press("Enter");
  await said(page, "assistant", 4);
  await arrived(page);
  const shown = await page.locator("#chat-lines").innerText();
  check(shown.includes("CCCD của tôi ••••••••••••") && !shown.includes("074085001234"), "an ID is shown", shown);
  // A reload resumes the conversation, line for line.
  const before = await texts(page);
  await page.reload({ waitUntil: "load" });
  await connected(page);
  await said(page, "assistant", 4);
  const after = await texts(page);
  check(JSON.stringify(before) === JSON.stringify(after), "a reload shows something else", [before, after]);
  check(!page.url().includes("session") && !/[0-9a-f]{32}/.test(page.url()), "the token stands in the address", page.url());
  await page.click("#chat-person");
  await said(page, "assistant", 5);
  await look(tools);
  // In English, the conversation goes on.
  await page.goto(`${base}/chat?lang=en`, { waitUntil: "load" });
  await said(page, "assistant", 5);
  check((await page.locator(".line.assistant .who").first().innerText()) === "Assistant:", "not in English", "");
  await look(tools);
  // The end on this device: nothing of it is left.
  await Promise.all([page.waitForNavigation(), page.click("#chat-end")]);
  await page.waitForFunction(() => document.getElementById("chat-state").textContent.includes("Connected"));
  check((await texts(page)).length === 0, "the conversation is still there", await texts(page));
}

async function overABrokenLine(tools) {
  const { page, base, check } = tools;
  await page.goto(`${base}/chat`, { waitUntil: "load" });
  await connected(page);
  let posts = 0;
  // The first answer gets lost on its way: the message is on disk nevertheless.
  await page.route("**/chat/messages", async (route) => {
    posts += 1;
    if (posts > 1) return route.continue();
    await route.fetch();
    return route.abort("connectionreset");
  });
  await page.fill("#chat-text", "giờ làm việc");
  await page.keyboard.press("Enter");
  await said(page, "assistant", 1);
  await arrived(page);
  // Off the line for a while: it is told, and what was typed meanwhile waits.
  await page.unroute("**/chat/messages");
  await page.route("**/chat/*", (route) => route.abort("internetdisconnected"));
  await page.context().setOffline(true);
  await page.fill("#chat-text", "căn cước");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".retry");
  await look(tools);
  await page.reload({ waitUntil: "load" }).catch(() => {});
  await page.context().setOffline(false);
  await page.unroute("**/chat/*");
  await page.goto(`${base}/chat`, { waitUntil: "load" });
  await connected(page);
  await page.click(".retry");
  await said(page, "assistant", 2);
  await arrived(page);
  const all = await texts(page);
  check(all.length === 4 && all[2] === "căn cước", "something is lost or doubled", all);
  // A token that nobody knows any more.
  await page.evaluate(() => {
    const kept = JSON.parse(sessionStorage.getItem("chat"));
    sessionStorage.setItem("chat", JSON.stringify({ ...kept, token: "0".repeat(64) }));
  });
  await page.reload({ waitUntil: "load" });
  await connected(page);
  check((await page.locator("#chat-note").innerText()).includes("Cuộc mới đã bắt đầu"), "it is not told", "");
  await page.fill("#chat-text", "giờ làm việc");
  await page.keyboard.press("Enter");
  await said(page, "assistant", 1);
}

async function inAnotherPage(tools) {
  const { page, other, check, shot } = tools;
  await page.goto(other, { waitUntil: "load" });
  await look(tools);
  await page.focus("#before");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  const element = await page.waitForSelector("iframe");
  const frame = await element.contentFrame();
  await frame.waitForSelector("#chat-text", { state: "visible" });
  await connected(frame);
  await frame.waitForFunction(() => document.activeElement.id === "chat-text");
  await page.keyboard.type("giờ làm việc");
  await page.keyboard.press("Enter");
  await said(frame, "assistant", 1);
  await arrived(frame);
  await look(tools);
  await look(tools, frame);
  const fits = await page.evaluate(() => {
    const host = [...document.body.children].find((one) => one.shadowRoot);
    const box = host.shadowRoot.getElementById("panel").getBoundingClientRect();
    return box.left >= 0 && box.top >= 0 && box.right <= innerWidth && box.bottom <= innerHeight;
  });
  check(fits, "the panel does not fit", "");
  await shot("chat-widget");
  const inside = () => page.evaluate(() => document.activeElement.shadowRoot && document.activeElement.shadowRoot.activeElement.id);
  const closed = () => page.waitForFunction(() => [...document.body.children].find((one) => one.shadowRoot).shadowRoot.getElementById("panel").hidden);
  await page.keyboard.press("Escape");
  await closed();
  check((await inside()) === "open", "the focus did not return", await inside());
  await page.keyboard.press("Enter");
  await frame.waitForFunction(() => document.hasFocus() && document.activeElement.id === "chat-text");
  check((await texts(frame)).length === 2, "the conversation began anew", await texts(frame));
  // The button to close it stands before the frame.
  for (let times = 0; times < 12 && (await inside().catch(() => null)) !== "close"; times += 1) await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Enter");
  await closed();
  check((await inside()) === "open", "the focus did not return", await inside());
}

async function framedByAStranger(tools) {
  const { page, base, check } = tools;
  const stranger = http.createServer((request, response) => {
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.end(`<!doctype html><html lang="vi"><title>x</title><iframe src="${base}/chat?embed=1"></iframe><iframe src="${base}/chat"></iframe>`);
  });
  await new Promise((ready) => stranger.listen(0, "127.0.0.1", ready));
  await page.goto(`http://127.0.0.1:${stranger.address().port}/`, { waitUntil: "load" });
  for (const frame of page.frames().slice(1)) {
    const there = await frame.evaluate(() => Boolean(document.getElementById("chat"))).catch(() => false);
    check(!there, "a stranger may frame it", frame.url());
  }
  check(page.frames().length === 3, "frames", page.frames().length);
  stranger.close();
}

main().catch((problem) => {
  process.stdout.write(JSON.stringify({ ok: false, checks: 0, findings: [{ what: "failed", detail: String(problem) }], shots: [] }) + "\n");
  process.exitCode = 1;
});
