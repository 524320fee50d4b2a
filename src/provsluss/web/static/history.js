// Rows that open: the button's row below is filled by htmx; this shows it, hides it again, and says when it failed.

const row = (button) => document.getElementById(button.dataset.opens);

function close(button) {
  button.setAttribute("aria-expanded", "false");
  row(button).hidden = true;
  row(button).cells[0].replaceChildren();
}

// While capturing, so that a press that closes never reaches htmx.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-opens]");
  if (!button) return;
  if (button.getAttribute("aria-expanded") === "true") {
    event.stopPropagation();
    close(button);
    return;
  }
  button.setAttribute("aria-expanded", "true");
  row(button).hidden = false;
  row(button).cells[0].textContent = "Hämtar …";
}, true);

for (const failed of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(failed, (event) => {
    const button = event.detail.elt.closest("[data-opens]");
    if (button) row(button).cells[0].textContent = "Det gick inte att hämta. Stäng raden och försök igen.";
  });
}

// A running job's list is replaced as a whole; rows that were open still are (hx-preserve), and their buttons say so.
document.addEventListener("htmx:afterSettle", () => {
  for (const button of document.querySelectorAll("[data-opens]")) {
    if (row(button).cells[0].hasChildNodes()) {
      row(button).hidden = false;
      button.setAttribute("aria-expanded", "true");
    }
  }
});
