/**
 * Buttons that copy the text of another element (archive codes, hashes). They stay hidden where
 * the browser offers no clipboard, which includes plain http outside localhost.
 * @param {ParentNode} root
 */
export function copyButtons(root) {
  if (!navigator.clipboard) return;
  for (const button of root.querySelectorAll("[data-copy]")) {
    const source = root.getElementById(button.dataset.copy);
    if (!source) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const words = button.textContent;
      try {
        await navigator.clipboard.writeText(source.textContent.trim());
        button.textContent = button.dataset.copied;
      } catch {
        button.textContent = button.dataset.failed;
      }
      window.setTimeout(() => {
        button.textContent = words;
      }, 2000);
    });
  }
}
