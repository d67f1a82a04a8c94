/*
 * Read before the page is shown. A form of people who stay unknown that is sent before unsigned.js
 * is there would carry the mark of a sign-in, so it waits for that file. Should the file be lost,
 * the browser sends the form as it would without scripts.
 */
function wait(event) {
  const form = event.target;
  if (!form.matches("form[data-unsigned]") || "ready" in form.dataset) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  form.dataset.waiting = "";
}

document.addEventListener("submit", wait, true);

window.addEventListener("error", (event) => {
  if (!/\/unsigned\.[^/]*$/.test(event.target.src ?? "")) return;
  document.removeEventListener("submit", wait, true);
  document.querySelector("form[data-waiting]")?.requestSubmit();
}, true);
