// Shows the province's chat in a page of another origin. It reads nothing of that
// page, keeps nothing, and puts in no styles but its own, behind a shadow root.
const own = document.currentScript;
const origin = own ? new URL(own.src).origin : "";
const wish = ((own && own.dataset.lang) || document.documentElement.lang || "vi").slice(0, 2);
const lang = Object.hasOwn(WORDS, wish) ? wish : "vi";
const words = WORDS[lang];

const STYLE = `
:host { all: initial; }
button { font: 600 1rem/1.4 system-ui, sans-serif; min-height: 2.75rem; padding: .5rem 1rem; border-radius: .5rem; border: 2px solid #0a4f86; background: #0a4f86; color: #fff; cursor: pointer; }
button:focus-visible { outline: .1875rem solid #b34700; outline-offset: .1875rem; }
#open { position: fixed; inset-block-end: 1rem; inset-inline-end: 1rem; z-index: 2147483646; box-shadow: 0 2px 8px #0006; }
#panel { position: fixed; inset-block-end: 1rem; inset-inline-end: 1rem; z-index: 2147483647; width: min(26rem, calc(100vw - 2rem)); height: min(42rem, calc(100vh - 2rem)); display: flex; flex-direction: column; background: #fff; border: 1px solid #66788a; border-radius: .5rem; box-shadow: 0 4px 24px #0006; overflow: hidden; }
#panel[hidden], #open[hidden] { display: none; }
#head { display: flex; justify-content: flex-end; padding: .25rem; background: #0a4f86; }
#close:focus-visible { outline-color: #fff; outline-offset: -.375rem; }
iframe { flex: 1; width: 100%; border: 0; }
@media (max-width: 30rem) { #panel { inset: 0; width: auto; height: auto; border: 0; border-radius: 0; } }
@media (prefers-color-scheme: dark) { #panel { background: #121a22; } }
@media print { #open, #panel { display: none; } }
`;

const make = (name, attributes) => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
};

const begin = () => {
  const host = document.createElement("div");
  host.lang = lang;
  const root = host.attachShadow({ mode: "open" });
  // Not an element of style: a strict page would not take it.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  root.adoptedStyleSheets = [sheet];

  const open = make("button", { id: "open", type: "button", "aria-haspopup": "dialog", "aria-expanded": "false" });
  open.textContent = words.open;
  const panel = make("div", { id: "panel", role: "dialog", "aria-label": words.title, hidden: "" });
  const head = make("div", { id: "head" });
  const close = make("button", { id: "close", type: "button" });
  close.textContent = words.close;
  head.append(close);
  panel.append(head);
  root.append(open, panel);
  document.body.append(host);

  let frame = null;
  const show = () => {
    panel.hidden = false;
    open.hidden = true;
    open.setAttribute("aria-expanded", "true");
    if (!frame) {
      frame = make("iframe", { title: words.title, src: `${origin}/chat?embed=1&lang=${lang}` });
      panel.append(frame);
      frame.addEventListener("load", greet);
    }
    frame.focus();
    greet();
  };
  // The page in the frame then takes the focus into its box.
  const greet = () => !panel.hidden && frame.contentWindow.postMessage("dakenh:opened", origin);
  const hide = () => {
    panel.hidden = true;
    open.hidden = false;
    open.setAttribute("aria-expanded", "false");
    open.focus();
  };
  open.addEventListener("click", show);
  close.addEventListener("click", hide);
  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !panel.hidden) hide();
  });
  // Escape that was pressed within the frame.
  window.addEventListener("message", (event) => {
    if (frame && event.source === frame.contentWindow && event.origin === origin && event.data === "dakenh:close") hide();
  });
};

if (own && window.CSSStyleSheet && "adoptedStyleSheets" in Document.prototype) {
  if (document.body) begin();
  else document.addEventListener("DOMContentLoaded", begin);
}
