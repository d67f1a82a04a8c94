/**
 * A form that posts is sent once: the button that was pressed says so and ignores further presses.
 * The button is not `disabled`, because a disabled button would not send its own name and value.
 * @param {ParentNode} root
 */
export function disableOnce(root) {
  for (const form of root.querySelectorAll('form[method="post"]')) {
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented) return;
      if (form.dataset.sending) {
        event.preventDefault();
        return;
      }
      form.dataset.sending = "true";
      const button = event.submitter;
      const words = document.body.dataset.sendingWords;
      if (button?.classList.contains("button") && words) {
        button.dataset.words = button.textContent;
        button.textContent = words;
        button.setAttribute("aria-disabled", "true");
      }
    });
  }
  /* Coming back with the browser's back button must find working forms. */
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const form of root.querySelectorAll("form[data-sending]")) delete form.dataset.sending;
    for (const button of root.querySelectorAll("[data-words]")) {
      button.textContent = button.dataset.words;
      button.removeAttribute("aria-disabled");
      delete button.dataset.words;
    }
  });
}
