/*
 * The QR code of a slip carries the tracking code in the fragment of the address, which no server
 * sees. It is put into the field and taken out of the address and the history at once, also when
 * the page lies open already.
 */
function takeCode() {
  const digits = window.location.hash.replace(/[^0-9]/g, "");
  if (!window.location.hash) return;
  window.history.replaceState(null, "", window.location.pathname);
  const field = document.querySelector("[data-tracking] [name=code]");
  if (!field || !digits) return;
  field.value = digits.replace(/(\d{4})(?=\d)/g, "$1-");
  document.querySelector("[data-tracking] [name=tail]")?.focus();
}

takeCode();
window.addEventListener("hashchange", takeCode);
