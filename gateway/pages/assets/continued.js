// Without this file the page's own button does all of it.
(() => {
  "use strict";
  const form = document.querySelector("form[data-continued]");
  if (!form) return;
  const field = form.elements.phone;
  const name = `continued:${window.location.pathname}`;
  const shelf = (() => {
    try {
      return window.sessionStorage;
    } catch {
      return null;
    }
  })();

  // The address was opened again, by hand or by the browser itself: this tab may
  // be the one phone all the same.
  if (form.dataset.continued === "again") {
    const kept = shelf && shelf.getItem(name);
    if (kept) {
      field.value = kept;
      form.requestSubmit();
    }
    return;
  }
  if (form.dataset.continued === "free") {
    form.addEventListener("submit", () => shelf && shelf.setItem(name, field.value));
    return;
  }

  // The digits stand here: is it time to go on?
  const EVERY = 2000;
  let timer = 0;
  const look = async () => {
    window.clearTimeout(timer);
    try {
      const answer = await fetch(form.dataset.look, {
        method: "POST",
        body: new URLSearchParams({ phone: field.value }),
        cache: "no-store",
        credentials: "omit",
      });
      if (answer.ok && (await answer.json()).state !== "matching") {
        if (shelf) shelf.removeItem(name);
        form.requestSubmit();
        return;
      }
    } catch {
      // The phone has lost its network for a moment.
    }
    timer = window.setTimeout(look, EVERY);
  };
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") look();
  });
  timer = window.setTimeout(look, EVERY);
})();
