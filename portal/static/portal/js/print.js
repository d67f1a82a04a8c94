/**
 * Shows the print buttons (hidden in the HTML, because without JavaScript they could do nothing)
 * and writes the moment of printing on the sheet.
 * @param {ParentNode} root
 */
export function printButtons(root) {
  for (const button of root.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
  window.addEventListener("beforeprint", () => {
    const moment = new Intl.DateTimeFormat(document.documentElement.lang, {
      dateStyle: "long",
      timeStyle: "short",
      timeZone: "Asia/Shanghai",
    }).format(new Date());
    for (const place of root.querySelectorAll("[data-print-time]")) place.textContent = moment;
  });
}
