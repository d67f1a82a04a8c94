/*
 * The QR code of a slip carries the tracking code in the fragment of the address, which no server
 * sees. It is put into the field and taken out of the address and the history at once.
 */
const field = document.querySelector("[data-tracking] [name=code]");
const typed = decodeURIComponent(window.location.hash.slice(1)).replace(/[^0-9]/g, "");
if (window.location.hash) {
  window.history.replaceState(null, "", window.location.pathname);
}
if (field && typed) {
  field.value = typed.replace(/(\d{4})(?=\d)/g, "$1-");
  document.querySelector("[data-tracking] [name=tail]")?.focus();
}
