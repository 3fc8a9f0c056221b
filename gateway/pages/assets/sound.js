// Tones and the switch that turns them on and off, for the pages that call people: the
// officers' and the hall's display. Loaded before the script that uses it.
(() => {
  "use strict";
  const Context = window.AudioContext || window.webkitAudioContext;
  // A tone that may only be played later than this is played no more: what it told is past.
  const LATE_MS = 2000;

  // What this browser keeps, where it keeps anything.
  const stored = (name, value) => {
    try {
      if (value !== undefined) window.localStorage.setItem(name, value);
      return window.localStorage.getItem(name);
    } catch {
      return null;
    }
  };

  // `button` says what is the case and what a press does (`data-on`, `data-off`,
  // `data-blocked`); it may be missing. Under `name` this browser keeps whether it is to be
  // silent. `tones` are pitches and when each begins; `loud` and `lasts` are of each.
  const switched = ({ button, name, tones, loud, lasts }) => {
    let context = null;
    let refused = false;
    const silent = () => stored(name) === "off";
    // Browsers keep silent until somebody has touched the page.
    const held = () => !silent() && (refused || Boolean(context && context.state !== "running"));
    const show = () => {
      if (!button) return;
      button.dataset.state = held() ? "blocked" : silent() ? "off" : "on";
      button.textContent = button.dataset[button.dataset.state];
    };
    const play = () => {
      for (const [pitch, after] of tones) {
        const tone = context.createOscillator();
        const volume = context.createGain();
        const from = context.currentTime + after;
        tone.frequency.value = pitch;
        volume.gain.setValueAtTime(0.0001, from);
        volume.gain.exponentialRampToValueAtTime(loud, from + 0.04);
        volume.gain.exponentialRampToValueAtTime(0.0001, from + lasts);
        tone.connect(volume).connect(context.destination);
        tone.start(from);
        tone.stop(from + lasts + 0.05);
      }
    };
    const wake = () => {
      if (!Context) return Promise.reject(new Error("no sound"));
      if (!context) {
        context = new Context();
        context.addEventListener("statechange", show);
      }
      return context.state === "running" ? Promise.resolve() : context.resume();
    };
    // Asks whether sound is let through, so that the switch says so before it is needed.
    const ask = () => {
      wake().then(show, show);
      show();
    };
    const ring = () => {
      if (silent()) return;
      const wanted = Date.now();
      wake().then(() => {
        if (Date.now() - wanted < LATE_MS) play();
        show();
      }).catch(show);
      show();
    };
    // A voice was held back, though tones might not be.
    const refuse = () => {
      refused = true;
      show();
    };
    if (button) {
      button.hidden = false;
      button.addEventListener("click", () => {
        if (!held()) stored(name, silent() ? "on" : "off");
        refused = false;
        // Who turns it on hears how it sounds.
        ring();
        show();
      });
    }
    show();
    return { ask, refuse, ring, silent };
  };

  window.sound = { stored, switched };
})();
