// Makes the hall's display live, and speaks what is called. Without it the page
// is shown again every five seconds, silently.
(() => {
  "use strict";
  const hall = document.getElementById("hall");
  if (!hall) return;
  const { events, part, seen, version } = hall.dataset;
  const said = document.getElementById("call");
  const lost = document.getElementById("lost");
  const language = document.documentElement.lang;
  const LOST_MS = 10 * 1000;
  const AGAIN_MS = 5 * 1000;
  // A network that swallows everything says nothing for minutes: then it is lost, too.
  const ANSWER_MS = 8 * 1000;
  // Opening hours and waits change without a call; and a stream that died in silence is
  // found so.
  const ANEW_MS = 20 * 1000;
  // A display that loads itself anew goes on where it was, when that is no longer ago.
  const AWHILE_MS = 5 * 60 * 1000;
  const KNOWN = `hall-known ${part}`;
  // A voice that never ends must not silence the next number.
  const SPOKEN_MS = 12 * 1000;
  const MOST_CALLS = 20;

  // Which call of which ticket was spoken already: all that stood here before.
  let known = new Map();
  const calls = () => [...document.querySelectorAll("#state [data-ticket]")];
  const remember = () => {
    known = new Map(calls().map((one) => [one.dataset.ticket, Number(one.dataset.calls)]));
    try {
      window.sessionStorage.setItem(KNOWN, JSON.stringify({ at: Date.now(), calls: [...known] }));
    } catch {
      // Then it begins anew.
    }
  };
  const recall = () => {
    try {
      const { at, calls: spoken } = JSON.parse(window.sessionStorage.getItem(KNOWN));
      if (Date.now() - at > AWHILE_MS) return false;
      known = new Map(spoken);
      return true;
    } catch {
      return false;
    }
  };
  const goesOn = recall();
  if (!goesOn) remember();

  // The clock is the gateway's: a display's own may be wrong.
  const face = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Ho_Chi_Minh" });
  let ahead = 0;
  const tick = () => {
    const clock = document.getElementById("clock");
    if (clock) clock.textContent = face.format(new Date(Date.now() + ahead));
  };
  const setClock = () => {
    ahead = Number(document.getElementById("state").dataset.now) - Date.now();
    tick();
  };
  setClock();
  window.setInterval(tick, 1000);

  // Sound: a voice of the page's language, else two tones.
  const sound = window.sound.switched({
    button: document.getElementById("sound"), name: "hall-sound",
    tones: [[660, 0], [528, 0.35]], loud: 0.4, lasts: 0.6,
  });
  // A display hangs where nobody looks for a switch: that it is mute is said at once.
  sound.ask();
  const chime = () => new Promise((done) => {
    sound.ring();
    window.setTimeout(done, 1200);
  });
  const voice = () => {
    const voices = window.speechSynthesis ? window.speechSynthesis.getVoices() : [];
    const tongue = language.toLowerCase().split("-")[0];
    return voices.find((one) => one.lang.toLowerCase().split(/[-_]/)[0] === tongue) || null;
  };
  const speak = (text) => {
    const chosen = voice();
    if (!chosen || sound.silent()) return chime();
    return new Promise((done) => {
      const words = new SpeechSynthesisUtterance(text);
      words.voice = chosen;
      words.lang = chosen.lang;
      words.rate = 0.9;
      words.onend = done;
      words.onerror = (event) => {
        // Browsers keep silent until somebody has touched the page.
        if (event.error === "not-allowed") sound.refuse();
        chime().then(done);
      };
      window.speechSynthesis.speak(words);
      window.setTimeout(done, SPOKEN_MS);
    });
  };
  if (window.speechSynthesis) window.speechSynthesis.getVoices();

  // One number after the other.
  const queue = [];
  let speaking = false;
  const announce = async () => {
    if (speaking) return;
    speaking = true;
    while (queue.length) {
      const { ticket, text } = queue.shift();
      said.textContent = text;
      const row = calls().find((one) => one.dataset.ticket === ticket);
      if (row) row.classList.add("new");
      await speak(text);
      for (const one of calls()) one.classList.remove("new");
    }
    speaking = false;
  };
  const called = () => {
    // The oldest call first, as they were made.
    for (const one of calls().reverse()) {
      const { ticket, spoken } = one.dataset;
      if (spoken && Number(one.dataset.calls) > (known.get(ticket) || 0)) queue.push({ ticket, text: spoken });
    }
    while (queue.length > MOST_CALLS) queue.shift();
    remember();
    announce();
  };

  // Connection.
  let away = 0;
  const gone = () => {
    if (!away) away = Date.now();
    if (Date.now() - away >= LOST_MS) lost.hidden = false;
  };
  const back = () => {
    away = 0;
    lost.hidden = true;
  };
  const refresh = async () => {
    const answer = await fetch(new URL(part, window.location.href), {
      headers: { accept: "text/html" }, signal: AbortSignal.timeout(ANSWER_MS),
    });
    if (!answer.ok) {
      // Nobody is signed in, or the site is gone: the page itself says so.
      if ([401, 403, 404].includes(answer.status)) window.location.reload();
      throw new Error(String(answer.status));
    }
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const state = fresh.getElementById("state");
    if (!state) throw new Error("no state");
    // The gateway was updated meanwhile.
    if (state.dataset.version !== version) return window.location.reload();
    document.getElementById("part").replaceChildren(state);
    setClock();
    back();
    called();
  };
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
        gone();
      }
    }
    running = false;
  };

  let stream = null;
  const listen = () => {
    const url = new URL(events, window.location.href);
    url.searchParams.set("seen", document.getElementById("state").dataset.changes || seen);
    stream = new EventSource(url);
    stream.addEventListener("changed", changed);
    stream.addEventListener("error", gone);
  };
  listen();
  window.addEventListener("offline", gone);
  window.addEventListener("online", changed);
  if (goesOn) called();
  window.setInterval(() => {
    // Refused, or the gateway is away: it is asked without a stream meanwhile.
    if (stream.readyState === EventSource.CLOSED) listen();
    if (away || stream.readyState !== EventSource.OPEN) changed();
  }, AGAIN_MS);
  window.setInterval(changed, ANEW_MS);
})();
