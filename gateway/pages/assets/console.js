// Makes the officers' console live. Everything works without it, more slowly.
(() => {
  "use strict";
  const follow = document.getElementById("follow");
  if (!follow) return;
  const { events, part, seen, csrf, touch, page } = follow.dataset;
  // Somebody who has left must not look as if they were there.
  const ALONE_MS = 15 * 60 * 1000;
  const TOUCH_MS = 30 * 1000;
  const log = document.getElementById("log");
  const box = document.getElementById("say");
  let used = Date.now();
  let stream = null;
  // A form is on its way, and its answer is the next page: what the stream says
  // meanwhile must not lead elsewhere.
  let leaving = false;

  const inUse = () => Date.now() - used < ALONE_MS;

  // Terminals that call for an officer: seen, read aloud and heard.
  const alerts = document.getElementById("calls-told");
  const title = document.title;
  const { stored, switched } = window.sound;
  const { ring } = switched({
    button: document.getElementById("calls-sound"), name: "calls-sound",
    tones: [[587, 0], [784, 0.25]], loud: 0.2, lasts: 0.5,
  });
  // What this page has said, and what any page of this browser has sounded for.
  let told = [];
  const alertCalls = () => {
    const calling = [...document.querySelectorAll("#calls [data-call]")];
    document.title = calling.length ? `(${calling.length}) ${title}` : title;
    if (!alerts) return;
    const fresh = calling.filter((one) => !told.includes(one.dataset.call));
    told = calling.map((one) => one.dataset.call);
    if (!fresh.length) return;
    alerts.textContent = fresh.map((one) => one.dataset.said).join(" ");
    const heard = (stored("calls-heard") || "").split(" ");
    const unheard = fresh.map((one) => one.dataset.call).filter((id) => !heard.includes(id));
    if (!unheard.length) return;
    stored("calls-heard", [...heard, ...unheard].slice(-50).join(" "));
    ring();
  };
  alertCalls();

  const refresh = async () => {
    const list = log && log.querySelector(".lines");
    const url = new URL(part, window.location.href);
    if (list) url.searchParams.set("after", list.dataset.newest);
    const answer = await fetch(url, { headers: { accept: "text/html" } });
    if (!answer.ok) {
      // Somebody else holds it, or it is over, or nobody is signed in: the page
      // itself says so. What was typed is not thrown away.
      if (answer.status !== 503 && !leaving && !(box && box.value.trim())) {
        // A page that answers a form is not sent again: it has an address of its own.
        if (page) window.location.assign(page);
        else window.location.reload();
      }
      return;
    }
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!list) {
      const here = document.getElementById("part");
      // A button that has the focus is not taken away under the finger.
      const focused = here.contains(document.activeElement) ? document.activeElement : null;
      const name = focused && (focused.getAttribute("href") || (focused.form && focused.form.getAttribute("action")));
      // What was chosen and not sent yet stays chosen.
      const chosen = [...here.querySelectorAll("select")].map((one) => [one.id, one.form.action, one.value]);
      here.replaceChildren(...fresh.body.childNodes);
      for (const [id, action, value] of chosen) {
        const same = document.getElementById(id);
        if (same && same.form.action === action) same.value = value;
      }
      if (name) {
        const again = [...here.querySelectorAll("a, button")].find(
          (one) => (one.getAttribute("href") || (one.form && one.form.getAttribute("action"))) === name);
        if (again) again.focus({ preventScroll: true });
      }
      alertCalls();
      return;
    }
    const calls = document.getElementById("calls");
    const now = fresh.getElementById("calls");
    if (calls && now && !calls.contains(document.activeElement)) {
      calls.replaceChildren(...now.childNodes);
      alertCalls();
    }
    const more = fresh.querySelector(".lines");
    if (!more) return;
    const empty = document.getElementById("empty");
    if (empty && more.children.length) empty.remove();
    if (Number(more.dataset.newest)) {
      // Two answers may cross: a line is added once.
      if (Number(more.dataset.newest) > Number(list.dataset.newest)) {
        list.dataset.newest = more.dataset.newest;
        list.append(...more.children);
      }
    }
    if (more.dataset.mark !== list.dataset.mark && !leaving && !(box && box.value.trim())) window.location.reload();
  };

  // One after the other, and once more where something came meanwhile.
  let running = false;
  let again = false;
  const changed = async () => {
    again = true;
    if (running) return;
    running = true;
    while (again) {
      again = false;
      try {
        await refresh();
      } catch {
        // The stream says again what was missed.
      }
    }
    running = false;
  };

  const listen = () => {
    if (stream) return;
    const url = new URL(events, window.location.href);
    if (seen) url.searchParams.set("seen", seen);
    stream = new EventSource(url);
    stream.addEventListener("changed", changed);
    stream.addEventListener("error", () => {
      // Refused: it does not come back by itself.
      if (stream && stream.readyState === EventSource.CLOSED) stream = null;
    });
  };

  const here = async () => {
    if (!inUse()) {
      if (stream) stream.close();
      stream = null;
      const paused = document.getElementById("paused");
      // Nothing is heard from now on: that is heard once.
      if (alerts && paused.hidden) ring();
      paused.hidden = false;
      document.getElementById("reload").parentElement.hidden = false;
      return;
    }
    listen();
    if (touch && document.visibilityState === "visible") {
      try {
        await fetch(touch, { method: "POST", headers: { "x-csrf-token": csrf } });
      } catch {
        // The next one.
      }
    }
  };

  for (const sign of ["pointerdown", "keydown", "focus"]) {
    window.addEventListener(sign, () => {
      used = Date.now();
    });
  }
  window.addEventListener("submit", (event) => {
    // (A second press of the same button is held back, and the first is on its way.)
    if (!event.defaultPrevented) leaving = true;
  });
  window.addEventListener("pageshow", () => {
    leaving = false;
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") here();
  });
  window.setInterval(here, TOUCH_MS);
  document.getElementById("reload").parentElement.hidden = true;
  here();

  // A ready answer is put into the box.
  const canned = document.getElementById("canned-form");
  if (canned && box) {
    canned.addEventListener("submit", (event) => {
      event.preventDefault();
      delete canned.dataset.sent;
      const chosen = document.getElementById("canned").selectedOptions[0];
      if (chosen) box.value = box.value.trim() ? `${box.value.trim()}\n${chosen.textContent}` : chosen.textContent;
      box.focus();
    });
  }

  // What is said goes out without the page being shown anew.
  const form = document.getElementById("say-form");
  if (form && box) {
    const key = form.elements.namedItem("key");
    const told = document.getElementById("say-told");
    form.addEventListener("submit", async (event) => {
      if (event.defaultPrevented) return;
      event.preventDefault();
      told.textContent = "";
      try {
        const body = new URLSearchParams(new FormData(form));
        const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" });
        if (answer.type === "opaqueredirect") {
          box.value = "";
          // The next one is another one.
          key.value = [...crypto.getRandomValues(new Uint8Array(8))]
            .map((octet) => octet.toString(16).padStart(2, "0")).join("");
          changed();
        } else if (answer.status === 503 || answer.status === 429) {
          told.textContent = form.dataset.failed;
        } else {
          // The house says why, on a page of its own; the key keeps it from being said twice.
          leaving = true;
          form.submit();
        }
      } catch {
        told.textContent = form.dataset.failed;
      }
      delete form.dataset.sent;
      box.focus();
    });
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        form.requestSubmit();
      }
    });
  }
})();
