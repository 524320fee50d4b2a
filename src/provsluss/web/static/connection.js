// Buttons that copy the text beside them, where the browser lets a page do that (https, or this computer).

function showButtons(root) {
  if (!navigator.clipboard) return;
  for (const button of root.querySelectorAll("[data-copy]")) button.hidden = false;
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.parentElement.querySelector("[data-copied]").textContent);
  button.textContent = "Kopierat";
});

showButtons(document);
