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

// What is asked for anew while something goes on is only put in where it says something else: else whoever has come to
// a link in it with the keyboard would lose the place every few seconds.
document.addEventListener("htmx:beforeSwap", (event) => {
  const old = event.detail.target;
  if (!old.hasAttribute("data-keeps-up")) return;
  const fresh = new DOMParser().parseFromString(event.detail.serverResponse, "text/html").getElementById(old.id);
  if (fresh && fresh.innerHTML === old.innerHTML) event.detail.shouldSwap = false;
});

// How many boxes are ticked is said as it is now, also before the form has been sent: <span data-counts-ticked="grupp
// vald|grupper valda" data-besides="2">, where `besides` are chosen ones that are not shown. Without a script it is not said.
const countTicked = (picker) => {
  for (const said of picker.querySelectorAll("[data-counts-ticked]")) {
    const number = picker.querySelectorAll("input[type=checkbox]:checked").length + Number(said.dataset.besides);
    const [one, several] = said.dataset.countsTicked.split("|");
    said.textContent = `${number} ${number === 1 ? one : several}.`;
    said.hidden = false;
  }
};
const countAllTicked = () => document.querySelectorAll("fieldset.picker").forEach(countTicked);
document.addEventListener("change", (event) => {
  const picker = event.target.closest("fieldset.picker");
  if (picker) countTicked(picker);
});
document.addEventListener("htmx:load", countAllTicked);
window.addEventListener("pageshow", countAllTicked);

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
