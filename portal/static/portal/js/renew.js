/*
 * A part of a page that is fetched anew every few seconds, such as a code that changes. Nothing else
 * of the page moves, so whoever reads or types is not disturbed. When the portal does not answer,
 * the part stays as it is and is asked for again.
 */
for (const part of document.querySelectorAll("[data-renewed]")) {
  const seconds = Number(part.dataset.renewed);
  if (!seconds || !part.id) continue;
  window.setInterval(async () => {
    try {
      const answer = await fetch(window.location.href, { headers: { Accept: "text/html" } });
      if (!answer.ok || answer.redirected) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById(part.id);
      if (fresh) part.replaceChildren(...fresh.childNodes);
    } catch {
      // The next round asks again.
    }
  }, seconds * 1000);
}
