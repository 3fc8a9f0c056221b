// The chat. What anybody said is put into the page as text, never as markup.
(() => {
  "use strict";
  const chat = document.getElementById("chat");
  if (!chat || !window.fetch || !window.AbortController || !window.TextDecoder) return;
  const say = chat.dataset;
  const part = (name) => document.getElementById(`chat-${name}`);
  const [log, lines, form, field, state, note] = ["log", "lines", "form", "text", "state", "note"].map(part);
  const embedded = "embedded" in say;

  // What survives a reload: whose conversation it is, up to where it was read, and
  // what is not known to have arrived. In this tab only, and gone with it.
  const SHELF = "chat";
  let shelf = null;
  try {
    shelf = window.sessionStorage;
  } catch {
    // Frames may be forbidden to keep anything: then a reload begins anew.
  }
  const fresh = () => ({ token: say.token, last: 0, waiting: [] });
  const recall = () => {
    try {
      const kept = JSON.parse(shelf.getItem(SHELF));
      const whole = typeof kept.token === "string" && Number.isInteger(kept.last) && Array.isArray(kept.waiting);
      if (!whole) return fresh();
      kept.waiting = kept.waiting.filter((one) => one && typeof one.text === "string" && one.state !== "refused");
      return kept;
    } catch {
      return fresh();
    }
  };
  let memo = recall();
  const keep = () => {
    try {
      shelf.setItem(SHELF, JSON.stringify(memo));
    } catch {
      // Full, or forbidden.
    }
  };

  // Lines.

  // Marks that turn the direction of what follows, and control characters.
  const ODD = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
  const make = (name, kind, text) => {
    const element = document.createElement(name);
    if (kind) element.className = kind;
    if (text !== undefined) element.textContent = text;
    return element;
  };
  const words = (text) => {
    const block = make("div", "words");
    for (const paragraph of text.replace(/\r\n?/g, "\n").replace(ODD, "").split(/\n{2,}/)) {
      const element = make("p", "", paragraph);
      element.dir = "auto";
      block.append(element);
    }
    return block;
  };
  const bubble = (who, text, at) => {
    const item = make("li", `line ${who}`);
    item.append(make("p", "who", say[who]), words(text));
    if (at) item.append(clock(at));
    return item;
  };
  const clock = (at) => {
    const when = new Date(at);
    const element = make("time", "when");
    if (Number.isNaN(when.getTime())) return element;
    element.dateTime = when.toISOString();
    element.textContent = when.toLocaleTimeString(say.lang, { hour: "2-digit", minute: "2-digit" });
    return element;
  };
  const choices = (buttons) => {
    const list = make("ul", "choices");
    for (const [label, sends] of buttons) {
      const button = make("button");
      button.type = "button";
      button.append(make("bdi", "", label.replace(ODD, "")));
      button.addEventListener("click", (event) => {
        // The button goes; a keyboard stays where it can go on.
        (event.detail === 0 ? field : log).focus();
        submit(sends);
      });
      const item = make("li");
      item.append(button);
      list.append(item);
    }
    return list;
  };
  // A new line is shown from its beginning; who reads further up is left there.
  let reading = false;
  const down = (item) => {
    if (!reading) log.scrollTop = item.offsetTop - 12;
  };
  const bottom = () => log.scrollHeight - log.scrollTop - log.clientHeight < 24;
  for (const moved of ["wheel", "touchmove", "keyup"]) {
    log.addEventListener(moved, () => (reading = !bottom()), { passive: true });
  }

  // The number of the last line that is shown.
  let shown = 0;
  const add = (line) => {
    // After a broken connection lines may come twice: they are shown once.
    if (!line || !Number.isInteger(line.id) || line.id <= shown || typeof line.text !== "string") return;
    shown = line.id;
    const who = ["citizen", "assistant", "officer"].includes(line.who) ? line.who : "event";
    const mine = who === "citizen" ? arrived(line) : null;
    const item = bubble(who, line.text, line.at);
    if (who !== "citizen") {
      // Only the last answer's buttons are offered.
      for (const old of lines.querySelectorAll(".choices")) {
        if (old.contains(document.activeElement)) log.focus();
        old.remove();
      }
      if (Array.isArray(line.buttons) && line.buttons.length) item.append(choices(line.buttons));
    }
    if (mine) {
      // In its place, without being read out once more: what is kept of it.
      mine.replaceChildren(...item.childNodes);
      lines.insertBefore(mine, firstWaiting());
    } else {
      lines.insertBefore(item, firstWaiting());
      down(item);
    }
    memo.last = Math.max(memo.last, line.id);
    keep();
  };

  // What was typed here.

  const nodes = new Map();
  const firstWaiting = () => {
    for (const one of memo.waiting) {
      const node = nodes.get(one.id);
      if (node && node.isConnected) return node;
    }
    return null;
  };
  const show = (one) => {
    let node = nodes.get(one.id);
    if (!node) {
      node = bubble("citizen", one.text);
      nodes.set(one.id, node);
      lines.append(node);
    }
    for (const old of node.querySelectorAll(".fate, .retry")) old.remove();
    const bad = one.state === "failed" || one.state === "refused";
    const word = { sending: say.sending, sent: say.sent, failed: say.notSent, refused: say.refused }[one.state];
    node.append(make("span", bad ? "fate bad" : "fate", word));
    if (one.state === "failed") {
      const again = make("button", "retry", say.retry);
      again.type = "button";
      again.addEventListener("click", () => {
        field.focus();
        one.state = "sending";
        show(one);
        keep();
        deliver();
      });
      node.append(again);
    }
  };
  // A line of the citizen's own: digits may have been hidden in what is kept.
  const blank = (text) => text.replace(/[0-9\u2022]/g, "\u2022");
  const arrived = (line) => {
    const at = memo.waiting.findIndex(
      (one) => one.state !== "refused" && line.id > one.after && blank(one.text) === blank(line.text),
    );
    if (at < 0) return null;
    const [one] = memo.waiting.splice(at, 1);
    const node = nodes.get(one.id);
    nodes.delete(one.id);
    tell("");
    return node;
  };
  const name = () => {
    const bits = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bits, (byte) => byte.toString(16).padStart(2, "0")).join("");
  };
  const submit = (raw) => {
    const text = (raw.toWellFormed ? raw.toWellFormed() : raw).trim();
    if (!text) return;
    const one = { id: name(), text, state: "sending", after: memo.last };
    memo.waiting.push(one);
    keep();
    show(one);
    reading = false;
    down(nodes.get(one.id));
    deliver();
  };
  const tell = (text) => {
    if (note.textContent !== text) note.textContent = text;
  };

  // A pause that ends early when the browser is back on the line.
  const sleepers = new Set();
  const pause = (span) =>
    new Promise((done) => {
      const end = () => {
        clearTimeout(timer);
        sleepers.delete(end);
        done();
      };
      const timer = setTimeout(end, span);
      sleepers.add(end);
    });
  const rouse = () => Array.from(sleepers).forEach((end) => end());
  // Full jitter: a thousand browsers do not come back in one moment.
  const backoff = (attempt, most, response) => {
    const asked = Number(response && response.headers.get("retry-after")) * 1000 || 0;
    const span = Math.min(most, 1000 * 2 ** attempt);
    return asked + 200 + Math.random() * span;
  };
  const headers = (token, more) => ({ "x-chat-session": token, "accept-language": say.lang, ...more });

  const TRIES = 5;
  let delivering = false;
  // One after the other, so that they arrive in their order.
  const deliver = async () => {
    if (delivering) return;
    delivering = true;
    for (;;) {
      const one = memo.waiting.find((other) => other.state === "sending");
      if (!one) break;
      one.state = await send(one);
      if (memo.waiting.includes(one)) show(one);
      if (one.state === "failed") tell(note.textContent || say.notSent);
      keep();
    }
    delivering = false;
  };
  const send = async (one) => {
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const token = memo.token;
      const giveUp = new AbortController();
      const timer = setTimeout(() => giveUp.abort(), 20000);
      let response = null;
      try {
        response = await fetch("/chat/messages", {
          method: "POST",
          headers: headers(token, { "content-type": "application/json" }),
          body: JSON.stringify({ id: one.id, text: one.text, lang: say.lang }),
          cache: "no-store",
          signal: giveUp.signal,
        });
      } catch {
        // No answer: it may have arrived, and its number says so next time.
      }
      clearTimeout(timer);
      if (response && response.status === 202) {
        tell("");
        return "sent";
      }
      if (response && response.status === 401) {
        if (!renew(token)) return "failed";
        continue;
      }
      if (response && [400, 413, 415, 422].includes(response.status)) return "refused";
      if (response) await explain(response);
      if (attempt + 1 < TRIES) await pause(backoff(attempt, 8000, response));
    }
    return "failed";
  };
  // The house's own kind words, where it gives some.
  const explain = async (response) => {
    try {
      const problem = await response.json();
      if (typeof problem.detail === "string") tell(problem.detail);
    } catch {
      // A proxy's page.
    }
  };

  // A token that the house no longer knows: the page has brought a new one.
  let over = false;
  const renew = (refused) => {
    if (refused !== memo.token) return true;
    if (refused === say.token) {
      over = true;
      tell(say.expired);
      return false;
    }
    const waiting = memo.waiting.filter((one) => one.state !== "refused");
    for (const one of waiting) Object.assign(one, { after: 0, state: "sending" });
    memo = { ...fresh(), waiting };
    if (current) current.abort();
    shown = 0;
    lines.replaceChildren();
    nodes.clear();
    waiting.forEach(show);
    keep();
    tell(say.anew);
    deliver();
    return true;
  };

  // The stream.

  const SILENCE = 45000;
  let current = null;
  const follow = async () => {
    let attempt = 0;
    state.textContent = say.connecting;
    while (!over) {
      const { ready, response } = await listen();
      if (over) break;
      attempt = ready ? 0 : attempt + 1;
      // The first break is mostly mended before anybody need know of it.
      if (attempt > 1 && state.textContent !== say.lost) state.textContent = say.lost;
      await pause(backoff(attempt, 30000, response));
    }
    state.textContent = say.lost;
  };
  const listen = async () => {
    const token = memo.token;
    const giveUp = new AbortController();
    current = giveUp;
    let timer = 0;
    // Something comes every 15 seconds, if only to say that the line is there.
    const heard = () => {
      clearTimeout(timer);
      timer = setTimeout(() => giveUp.abort(), SILENCE);
    };
    const seen = { ready: false, response: null };
    try {
      heard();
      const response = await fetch("/chat/events", {
        headers: headers(token, { accept: "text/event-stream", "last-event-id": String(shown) }),
        cache: "no-store",
        signal: giveUp.signal,
      });
      seen.response = response;
      if (response.status === 401) {
        renew(token);
        return seen;
      }
      if (!response.ok) return seen;
      seen.response = null;
      const reader = response.body.getReader();
      const decoder = new TextDecoder();
      let rest = "";
      for (;;) {
        const { value, done } = await reader.read();
        if (done || token !== memo.token) return seen;
        heard();
        rest += decoder.decode(value, { stream: true });
        const blocks = rest.split(/\r?\n\r?\n/);
        rest = blocks.pop();
        for (const block of blocks) take(block, seen);
      }
    } catch {
      return seen;
    } finally {
      clearTimeout(timer);
      giveUp.abort();
    }
  };
  const take = (block, seen) => {
    let kind = "message";
    let data = "";
    for (const line of block.split(/\r?\n/)) {
      if (line.startsWith("event:")) kind = line.slice(6).trim();
      if (line.startsWith("data:")) data += line.slice(5).trim();
    }
    if (kind === "ready") {
      seen.ready = true;
      // What was said before is not read out again after a reload.
      log.setAttribute("aria-live", "polite");
      state.textContent = say.connected;
      return;
    }
    if (kind !== "line") return;
    try {
      add(JSON.parse(data));
    } catch {
      // Half a line: the stream was cut, and it comes again.
    }
  };

  // The page.

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(field.value);
    field.value = "";
    field.focus();
  });
  field.addEventListener("keydown", (event) => {
    // Enter that ends a word of a Vietnamese keyboard sends nothing.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    form.requestSubmit();
  });
  part("person").addEventListener("click", () => submit(say.personWords));
  part("end").addEventListener("click", () => {
    over = true;
    if (current) current.abort();
    try {
      shelf.removeItem(SHELF);
    } catch {
      // Nothing was kept.
    }
    window.location.reload();
  });
  window.addEventListener("online", rouse);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && rouse());
  window.addEventListener("pagehide", () => current && current.abort());
  if (embedded) {
    document.addEventListener("keydown", (event) => {
      // The embedding page's own script asks who sent it; it says nothing else.
      if (event.key === "Escape" && !event.isComposing) window.parent.postMessage("dakenh:close", "*");
    });
    window.addEventListener("message", (event) => {
      if (event.source === window.parent && event.data === "dakenh:opened") field.focus();
    });
  }

  part("bare").hidden = true;
  chat.hidden = false;
  log.setAttribute("aria-live", "off");
  keep();
  memo.waiting.forEach(show);
  follow();
  deliver();
})();
