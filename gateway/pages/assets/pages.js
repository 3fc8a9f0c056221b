// Nothing on these pages needs this file. It only makes them nicer.
(() => {
  "use strict";
  const root = document.documentElement;

  // Light or dark: the system's wish, until somebody chooses.
  const shelf = (() => {
    try {
      return window.localStorage;
    } catch {
      return null;
    }
  })();
  const chosen = shelf && shelf.getItem("theme");
  if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen;
  const theme = document.getElementById("theme");
  if (theme) {
    theme.hidden = false;
    theme.addEventListener("click", () => {
      const dark = root.dataset.theme
        ? root.dataset.theme === "dark"
        : window.matchMedia("(prefers-color-scheme: dark)").matches;
      root.dataset.theme = dark ? "light" : "dark";
      if (shelf) shelf.setItem("theme", root.dataset.theme);
    });
  }

  // Buttons that only a script can serve are hidden until it is here.
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
  for (const button of document.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) break;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      const told = document.getElementById(button.getAttribute("aria-describedby"));
      if (told) told.textContent = button.dataset.copied;
    });
  }

  // An answer is read out, not the top of the page over again.
  const answer = document.querySelector("[data-focus]");
  if (answer) answer.focus({ preventScroll: false });

  // A second click while the first is under way asks nothing new.
  for (const form of document.querySelectorAll("form")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) {
        event.preventDefault();
        return;
      }
      form.dataset.sent = "yes";
    });
  }
  // What was for the owner only leaves no trace in the history: going back or
  // forward leads to the empty form, and never sends the proof again.
  const secret = document.querySelector("[data-private]");
  if (secret) window.history.replaceState(null, "", secret.dataset.private);
  // Coming back shows no spent form.
  window.addEventListener("pageshow", (event) => {
    for (const form of document.querySelectorAll("form")) delete form.dataset.sent;
    if (event.persisted && secret) window.location.replace(secret.dataset.private);
  });
})();
