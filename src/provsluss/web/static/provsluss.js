// The little that cannot be done without a script: the choice of colours, and a session that ends while a page waits.

const YEAR = 60 * 60 * 24 * 365;

for (const choice of document.querySelectorAll("[data-scheme-choice]")) {
  choice.hidden = false;
  choice.addEventListener("click", (event) => {
    const button = event.target.closest("[data-scheme]");
    if (!button) return;
    const scheme = button.dataset.scheme;
    document.documentElement.dataset.colorScheme = scheme;
    document.cookie = `utseende=${scheme}; path=/; max-age=${YEAR}; samesite=lax`;
    for (const other of choice.querySelectorAll("[data-scheme]")) {
      other.setAttribute("aria-pressed", String(other === button));
    }
  });
}

// A fragment that was asked for after the session had ended is the login page: go there instead of showing it inside.
document.addEventListener("htmx:beforeSwap", (event) => {
  const answered = new URL(event.detail.xhr.responseURL || location.href, location.href);
  if (answered.pathname.startsWith("/konto/") && !location.pathname.startsWith("/konto/")) {
    event.detail.shouldSwap = false;
    location.reload();
  }
});

// A button that asks first: <button data-confirm="dialog-id"> opens <dialog id="dialog-id">, whose form does it.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-confirm]");
  if (opener) document.getElementById(opener.dataset.confirm).showModal();
  const closer = event.target.closest("[data-close]");
  if (closer) closer.closest("dialog").close();
});

// The search field opens from its button on a narrow screen; one types at once.
document.getElementById("sok-person")?.addEventListener("toggle", (event) => {
  if (event.newState === "open") event.target.querySelector("input[type=search]").focus();
});

// A form is sent once, however often the button is pressed; back in the history makes the button live again.
document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!button || event.defaultPrevented || event.target.method === "get" || event.target.hasAttribute("hx-post")) return;
  if (button.getAttribute("aria-busy") === "true") return event.preventDefault();
  if (event.target.method !== "dialog") button.setAttribute("aria-busy", "true");
});
window.addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("[aria-busy=true]")) button.removeAttribute("aria-busy");
});
