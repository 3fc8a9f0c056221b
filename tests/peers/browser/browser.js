"use strict";
// A headless Chromium that walks through pages as a scenario says, and looks at
// every page and state with axe-core: at 320 and 1280 pixels, light and dark,
// at 200 % zoom (nothing may be wider than the window), and with JavaScript off.
//
// Its one argument is the path of the browser. It reads one JSON object from its standard input and writes one JSON object
// to its standard output:
//
//   in:  { base, steps: [...], views?: [names], shots?: folder, locale?: "vi-VN" }
//   out: { ok, checks, findings: [{step, view, what, detail}], seen: {name: value}, shots: [file] }
//
// A step is an object; what stands in it is done in this order:
//
//   { name: "front",            a word for findings and pictures
//     page: "a",                which browser (own cookies and storage); "a" by default
//     open: "/path",            goes there
//     fill: {selector: text},   types into fields; `set` chooses in selects
//     click: selector,          clicks, and waits for the page that comes (stay: true: does not)
//     press: "Tab",             presses a key, `times` times
//     back: true, reload: true,
//     offline: true,            the network of this browser is cut; false: it is there again
//     wait: selector,           until it is to be seen
//     gone: selector,           until it is not
//     see: text | [texts],      fails where the page does not say it
//     miss: text | [texts],     fails where it does
//     focus: selector,          fails where the focus is not there
//     read: {name: selector},   puts a text into `seen`; {name: {url: true}} the address
//     run: "code",              an expression in the page, put into `seen[name]`
//     media: {...},             of page.emulateMedia, for this step on
//     axe: false,               this state is not looked at
//     script: false,            with JavaScript off (a browser of its own)
//     shot: "front"             a picture of the whole page, where `shots` names a folder
//   }
//
// The whole scenario is walked once for each view: each view is a fresh browser.
const fs = require("node:fs");
const path = require("node:path");
const { chromium } = require("playwright-core");
const AXE = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

// WCAG 2.2 AA and what axe holds to be good practice.
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

const VIEWS = [
  { name: "phone-light", width: 320, height: 720, scheme: "light" },
  { name: "phone-dark", width: 320, height: 720, scheme: "dark" },
  { name: "desk-light", width: 1280, height: 900, scheme: "light" },
  { name: "desk-dark", width: 1280, height: 900, scheme: "dark" },
  // 200 % of a window of 1280 pixels: half as many CSS pixels, each twice as large.
  { name: "zoomed", width: 640, height: 450, scheme: "light", zoom: 2 },
  { name: "no-script", width: 1280, height: 900, scheme: "light", script: false },
];

// Screens that hang in a hall: walked where a scenario names them.
const HALLS = [
  { name: "hall-wide", width: 1920, height: 1080, scheme: "light" },
  { name: "hall-tall", width: 1080, height: 1920, scheme: "light" },
];

const PATIENCE = 60000;

async function main() {
  const scenario = JSON.parse(fs.readFileSync(0, "utf8"));
  const out = { ok: false, checks: 0, findings: [], seen: {}, shots: [] };
  const browser = await chromium.launch({
    executablePath: process.argv[2],
    // Containers give no user namespaces; nothing but loopback is visited.
    args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--lang=vi"],
  });
  try {
    const wanted = scenario.views || VIEWS.map((view) => view.name);
    for (const view of [...VIEWS, ...HALLS].filter((view) => wanted.includes(view.name))) {
      await walk(browser, scenario, view, out);
    }
  } finally {
    await browser.close();
  }
  out.ok = out.findings.length === 0;
  process.stdout.write(JSON.stringify(out) + "\n");
}

async function walk(browser, scenario, view, out) {
  const rooms = new Map();
  const room = async (step) => {
    const script = step.script !== false && view.script !== false;
    const key = `${step.page || "a"}${script ? "" : "-bare"}`;
    if (!rooms.has(key)) rooms.set(key, await enter(browser, scenario, view, script, out));
    return rooms.get(key);
  };
  for (const [place, step] of scenario.steps.entries()) {
    if (step.views && !step.views.includes(view.name)) continue;
    const name = step.name || `step ${place + 1}`;
    const found = (what, detail) => out.findings.push({ step: name, view: view.name, what, detail });
    try {
      const { page, script } = await room(step);
      page.step = name;
      await act(page, step, scenario.base);
      await judge(page, step, found, out);
      if (step.axe !== false) await look(page, script, found, out);
      if (step.shot && scenario.shots && (!step.shotViews || step.shotViews.includes(view.name))) {
        const file = path.join(scenario.shots, `${step.shot}-${view.name}.png`);
        await page.screenshot({ path: file, fullPage: step.whole !== false, animations: "disabled" });
        out.shots.push(file);
      }
    } catch (problem) {
      found("failed", String(problem.message || problem).split("\n").slice(0, 6).join("\n"));
      break;
    }
  }
  for (const { context } of rooms.values()) await context.close();
}

async function enter(browser, scenario, view, script, out) {
  const context = await browser.newContext({
    viewport: { width: view.width, height: view.height },
    deviceScaleFactor: view.zoom || 1,
    colorScheme: view.scheme,
    javaScriptEnabled: script,
    locale: scenario.locale || "vi-VN",
    timezoneId: "Asia/Ho_Chi_Minh",
    reducedMotion: "reduce",
    // axe is put into the page; that the page's own policy lets nothing strange
    // in is what `console` below tells.
    bypassCSP: false,
  });
  context.setDefaultTimeout(PATIENCE);
  // Nothing leaves the machine.
  const home = new URL(scenario.base).host;
  await context.route("**/*", (route) => {
    const url = new URL(route.request().url());
    if (url.host === home || url.protocol === "data:") return route.continue();
    out.findings.push({ step: "any", view: view.name, what: "left the house", detail: url.origin });
    return route.abort();
  });
  const page = await context.newPage();
  const found = (what, detail) => out.findings.push({ step: page.step, view: view.name, what, detail });
  page.on("pageerror", (problem) => found("script failed", String(problem)));
  page.on("console", (line) => {
    // A page that answers with 404 is told so on the console, too.
    if (line.type() === "error" && !line.text().startsWith("Failed to load resource")) found("console", line.text());
  });
  return { context, page, script };
}

async function act(page, step, base) {
  if (step.media) await page.emulateMedia(step.media);
  if (step.offline !== undefined) await page.context().setOffline(step.offline);
  if (step.open) await page.goto(new URL(step.open, base).href, { waitUntil: "load" });
  for (const [selector, text] of Object.entries(step.fill || {})) await page.fill(selector, text);
  for (const [selector, value] of Object.entries(step.set || {})) await page.selectOption(selector, value);
  if (step.click) {
    await page.click(step.click);
    if (!step.stay) await page.waitForLoadState("load");
  }
  for (let times = 0; step.press && times < (step.times || 1); times += 1) await page.keyboard.press(step.press);
  if (step.back) await page.goBack({ waitUntil: "load" });
  if (step.reload) await page.reload({ waitUntil: "load" });
  if (step.gone) await page.waitForSelector(step.gone, { state: "hidden" });
  if (step.wait) await page.waitForSelector(step.wait, { state: "visible" });
}

async function judge(page, step, found, out) {
  const list = (value) => (value === undefined ? [] : [].concat(value));
  const text = step.see || step.miss ? await page.locator("body").innerText() : "";
  for (const wanted of list(step.see)) if (!text.includes(wanted)) found("not said", wanted);
  for (const unwanted of list(step.miss)) if (text.includes(unwanted)) found("said", unwanted);
  if (step.focus) {
    const there = await page.evaluate((selector) => document.activeElement?.matches(selector), step.focus);
    if (!there) {
      const at = await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 120));
      found("focus", `${step.focus} has it not, but ${at}`);
    }
  }
  for (const [name, what] of Object.entries(step.read || {})) {
    out.seen[name] = what.url ? page.url() : await page.locator(what).first().innerText();
  }
  if (step.run) out.seen[step.name] = await page.evaluate(step.run);
  out.checks += 1;
}

async function look(page, script, found, out) {
  // A page that is printed or shown must fit: nothing is scrolled sideways (WCAG 1.4.10).
  if (script) {
    const wide = await page.evaluate(() => {
      const room = document.documentElement.clientWidth;
      if (document.documentElement.scrollWidth <= room) return null;
      const over = [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > room + 1);
      return over.slice(0, 3).map((one) => one.outerHTML.slice(0, 120));
    });
    if (wide) found("wider than the window", wide);
    // Targets of 44 px for fingers; links within a sentence are exempt, as in WCAG 2.5.5.
    const small = await page.evaluate(() => {
      const seen = (one) => one.checkVisibility() && !one.closest(".skip") && one.type !== "hidden";
      const inline = (one) => one.matches("a") && getComputedStyle(one).display === "inline";
      // A finger meets the label of a radio button as well.
      const target = (one) => (one.matches("[type=radio], [type=checkbox]") && one.closest("label")) || one;
      const targets = [...document.querySelectorAll("a[href], button, input, select, textarea, summary")];
      return targets
        .filter((one) => seen(one) && !inline(one))
        .map(target)
        .filter((one) => one.getBoundingClientRect().height < 43.5)
        .slice(0, 3)
        .map((one) => `${Math.round(one.getBoundingClientRect().height)} px: ${one.outerHTML.slice(0, 100)}`);
    });
    if (small.length) found("small target", small);
  }
  // By the protocol, not by a tag: the page's policy holds while axe looks, and
  // it works where the page's own scripts may not run.
  const result = await axe(page, script);
  for (const violation of result.violations) {
    const nodes = violation.nodes.slice(0, 3).map((node) => `${node.target.join(" ")}: ${node.failureSummary}`);
    found(`axe: ${violation.id}`, [violation.help, ...nodes]);
  }
  out.checks += 1;
}

async function axe(page, script) {
  const call = `axe.run(document, { runOnly: ${JSON.stringify(RULES)}, resultTypes: ["violations"] })`;
  if (script) {
    await page.evaluate(AXE);
    return page.evaluate(call);
  }
  // Where scripts are off, the very same document is looked at in a page that
  // may run axe but none of the document's own.
  const html = await page.content();
  const context = await page.context().browser().newContext({ viewport: page.viewportSize() });
  try {
    const copy = await context.newPage();
    await copy.route("**/*", (route) =>
      route.request().isNavigationRequest()
        ? route.fulfill({ contentType: "text/html; charset=utf-8", body: html.replace(/<script\b[^>]*><\/script>/g, "") })
        : route.continue());
    await copy.goto(page.url(), { waitUntil: "load" });
    await copy.evaluate(AXE);
    return await copy.evaluate(call);
  } finally {
    await context.close();
  }
}

main().catch((problem) => {
  process.stdout.write(JSON.stringify({ ok: false, checks: 0, findings: [{ what: "failed", detail: String(problem) }], seen: {}, shots: [] }) + "\n");
  process.exitCode = 1;
});
