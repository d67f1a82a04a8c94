/*
 * Forms of people who stay unknown are sent without cookies, so that not even the reverse proxy
 * gets the mark of a sign-in; the answer takes the place of the page. Nothing of it enters the
 * history, so going back or loading again sends nothing twice and shows no receipt. What is pressed
 * earlier waits (unsigned-early.js). Every form works without this file.
 */
import { copyButtons } from "./copy.js";
import { printButtons } from "./print.js";
import { solve } from "./puzzle.js";

/* What is left of the ten minutes when a new challenge is fetched instead. */
const SPARE_SECONDS = 60;

function say(form, words) {
  const place = form.querySelector("[data-status]");
  if (!place) return;
  place.hidden = !words;
  place.textContent = words;
}

function begin(form) {
  const field = form.querySelector("[name=challenge]");
  form.begun ??= Date.now();
  form.work ??= solve(field.dataset.nonce, Number(field.dataset.bits));
}

/* Takes a fresh challenge from the page; what was typed stays. */
async function renew(form) {
  const answer = await fetch(form.action, { credentials: "omit", cache: "no-store" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[name=challenge]");
  const field = form.querySelector("[name=challenge]");
  field.value = fresh.value;
  Object.assign(field.dataset, { nonce: fresh.dataset.nonce, bits: fresh.dataset.bits });
  form.shown = Date.now();
  form.work = null;
}

function show(text) {
  const page = new DOMParser().parseFromString(text, "text/html");
  const fresh = page.querySelector("main");
  if (!fresh) throw new Error("no page");
  document.title = page.title;
  document.querySelector("main").replaceWith(document.adoptNode(fresh));
  enhance(document);
  copyButtons(document);
  printButtons(document);
  window.scrollTo(0, 0);
  (document.querySelector("[data-error-summary]") ?? document.querySelector("main")).focus();
}

async function send(form) {
  if ("puzzle" in form.dataset) {
    say(form, form.dataset.working);
    const age = (Date.now() - form.shown) / 1000;
    if (age > Number(form.dataset.seconds) - SPARE_SECONDS) await renew(form);
    begin(form);
    form.querySelector("[name=solution]").value = await form.work;
  }
  const answer = await fetch(form.action, {
    method: "POST",
    body: new FormData(form),
    credentials: "omit",
    cache: "no-store",
    referrerPolicy: "no-referrer",
  });
  show(await answer.text());
}

function enhance(root) {
  for (const form of root.querySelectorAll("form[data-unsigned]")) {
    form.shown = Date.now();
    const question = form.querySelector("[data-question]");
    if (question && !question.querySelector(".field--error")) question.hidden = true;
    if ("puzzle" in form.dataset) form.addEventListener("input", () => begin(form), { once: true });
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      if (form.busy) return;
      form.busy = true;
      try {
        await send(form);
      } catch {
        say(form, form.dataset.failed);
      } finally {
        form.busy = false;
      }
    }, true);
    form.dataset.ready = "";
    // Pressed before this file was there.
    if ("waiting" in form.dataset) form.requestSubmit();
  }
}

enhance(document);
