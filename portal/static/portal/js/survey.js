/*
 * The questionnaire, step by step. Without this file all steps stand on one page and work.
 *
 * A draft lies in this browser only, under the name the page gives it, and goes when the answers
 * are sent, when “clear” is pressed, or when the computer is said to be shared.
 */
const SHARED = "survey-shared-computer";

/* Storage may be switched off; then there are no drafts, and nothing else changes. */
function storage() {
  try {
    window.localStorage.getItem(SHARED);
    return window.localStorage;
  } catch {
    return null;
  }
}

class Survey {
  constructor(form) {
    this.form = form;
    this.sections = [...form.querySelectorAll("[data-section]")];
    this.questions = [...form.querySelectorAll("[data-question]")];
    this.place = 0;
    this.key = form.dataset.draftKey;
    this.store = this.key ? storage() : null;
  }

  start() {
    this.conditions();
    if (this.store) this.startDraft();
    this.form.addEventListener("change", (event) => this.changed(event.target));
    this.form.addEventListener("input", (event) => {
      if (event.target.matches("textarea")) this.save();
    });
    /* Before the listener that marks the button as sending. */
    this.form.addEventListener("submit", (event) => this.submitted(event), { capture: true });
    if (this.sections.length > 1) this.startSteps();
  }

  /* ---- Steps */

  startSteps() {
    this.walk = this.form.querySelector("[data-walk]");
    this.progress = this.form.querySelector("[data-progress]");
    this.last = this.form.querySelector("[data-last]");
    this.walk.hidden = false;
    this.progress.hidden = false;
    this.form.dataset.steps = "yes";
    this.walk.querySelector("[data-back]").addEventListener("click", () => this.show(this.place - 1));
    this.walk.querySelector("[data-next]").addEventListener("click", () => {
      const missing = this.missing(this.sections[this.place]);
      if (missing) missing.focus();
      else this.show(this.place + 1);
    });
    /* A link of the summary of mistakes leads into its step. */
    document.querySelectorAll(".error-summary a[href^='#q-']").forEach((link) => {
      link.addEventListener("click", () => {
        const target = document.getElementById(link.hash.slice(1));
        const place = this.sections.findIndex((section) => section.contains(target));
        if (place >= 0) this.show(place, false);
      });
    });
    const wrong = this.sections.findIndex((section) => "wrong" in section.dataset);
    this.show(Math.max(wrong, 0), false);
  }

  show(place, focus = true) {
    this.place = Math.min(Math.max(place, 0), this.sections.length - 1);
    this.sections.forEach((section, number) => {
      section.hidden = number !== this.place;
    });
    const steps = this.sections.length;
    this.progress.textContent = this.form.dataset.stepWords
      .replace("{step}", String(this.place + 1))
      .replace("{steps}", String(steps));
    this.walk.querySelector("[data-back]").hidden = this.place === 0;
    this.walk.querySelector("[data-next]").hidden = this.place === steps - 1;
    if (this.last) this.last.hidden = this.place !== steps - 1;
    if (focus) {
      this.progress.scrollIntoView();
      this.sections[this.place].focus({ preventScroll: true });
    }
  }

  /* ---- Conditions and missing answers */

  chosen(name) {
    return [...this.form.querySelectorAll(`[name="${CSS.escape(name)}"]:checked`)]
      .filter((input) => !input.disabled)
      .map((input) => input.value);
  }

  conditions() {
    for (const question of this.questions) {
      const { after, answers } = question.dataset;
      if (!after) continue;
      const wanted = answers.split(",");
      const asked = this.chosen(after).some((value) => wanted.includes(value));
      question.hidden = !asked;
      /* What is not asked is not sent. */
      question.querySelectorAll("input, textarea").forEach((input) => {
        input.disabled = !asked;
      });
      question.querySelector("[data-condition]")?.setAttribute("hidden", "");
    }
  }

  isAnswered(question) {
    if (question.querySelector("[data-declined]:checked")) return true;
    const lines = [...question.querySelectorAll("[data-line]")];
    if (lines.length) return lines.every((line) => line.querySelector("input:checked"));
    const words = question.querySelector("textarea");
    return words ? words.value.trim() !== "" : question.querySelector("input:checked") !== null;
  }

  missing(section) {
    let first = null;
    for (const question of section.querySelectorAll("[data-question][data-required]")) {
      if (question.hidden) continue;
      const wrong = !this.isAnswered(question);
      this.mark(question, wrong ? this.form.dataset.missingWords : "");
      if (wrong && !first) first = question.querySelector("input, textarea");
    }
    return first;
  }

  mark(question, words) {
    const error = question.querySelector("[data-error]");
    error.hidden = !words;
    error.querySelector("[data-error-words]").textContent = words;
    question.classList.toggle("field--error", Boolean(words));
  }

  changed(input) {
    if (input.matches("[data-shared]")) return;
    const question = input.closest("[data-question]");
    if (question) {
      /* “Prefer not to answer” and an answer exclude each other. */
      if (input.matches("[data-declined]") && input.checked) {
        question.querySelectorAll("input:not([data-declined])").forEach((other) => {
          other.checked = false;
        });
        question.querySelectorAll("textarea").forEach((other) => {
          other.value = "";
        });
      } else if (!input.matches("[data-declined]")) {
        question.querySelectorAll("[data-declined]").forEach((other) => {
          other.checked = false;
        });
      }
      if (this.isAnswered(question)) this.mark(question, "");
    }
    this.conditions();
    this.save();
  }

  submitted(event) {
    const place = this.sections.findIndex((section) => this.missing(section));
    if (place >= 0) {
      event.preventDefault();
      event.stopImmediatePropagation();
      if (this.walk) this.show(place, false);
      this.missing(this.sections[place])?.focus();
    }
  }

  /* ---- Draft in this browser */

  startDraft() {
    const box = this.form.querySelector("[data-draft]");
    const shared = box.querySelector("[data-shared]");
    box.hidden = false;
    shared.checked = this.store.getItem(SHARED) === "yes";
    shared.addEventListener("change", () => {
      if (shared.checked) {
        this.store.setItem(SHARED, "yes");
        this.forget();
      } else {
        this.store.removeItem(SHARED);
        this.save();
      }
    });
    box.querySelector("[data-clear]").addEventListener("click", () => this.clear());
    this.shared = shared;
    if (!shared.checked && !document.querySelector("[data-error-summary]")) this.restore();
  }

  fields() {
    return [...this.form.querySelectorAll("[name^='q-']")];
  }

  save() {
    if (!this.store || this.shared.checked) return;
    const values = {};
    for (const field of this.fields()) {
      if (field.matches("textarea")) {
        if (field.value) values[field.name] = [field.value];
      } else if (field.checked) {
        (values[field.name] ??= []).push(field.value);
      }
    }
    try {
      this.store.setItem(this.key, JSON.stringify(values));
    } catch {
      /* The storage is full: the page itself still holds everything. */
    }
  }

  restore() {
    let values = null;
    try {
      values = JSON.parse(this.store.getItem(this.key) ?? "null");
    } catch {
      this.forget();
    }
    if (!values) return;
    for (const field of this.fields()) {
      const kept = values[field.name];
      if (!kept) continue;
      if (field.matches("textarea")) field.value = kept[0];
      else field.checked = kept.includes(field.value);
    }
    this.conditions();
  }

  forget() {
    this.store?.removeItem(this.key);
  }

  clear() {
    for (const field of this.fields()) {
      if (field.matches("textarea")) field.value = "";
      else field.checked = false;
    }
    this.forget();
    this.questions.forEach((question) => this.mark(question, ""));
    this.conditions();
    if (this.walk) this.show(0);
  }
}

/* Drafts of what was sent go: the page that says thank you names none, so each of them ends here. */
function forgetSent() {
  const sent = document.querySelector("[data-sent-survey]")?.dataset.sentSurvey;
  const store = sent ? storage() : null;
  if (!store) return;
  for (const key of Object.keys(store)) {
    if (key.startsWith(`survey-${sent}-`)) store.removeItem(key);
  }
}

/* The picture on a slip carries the token behind the sign #, which no server sees. */
function takeToken() {
  const field = document.querySelector("[data-token-form] [name=token]");
  if (!field || !window.location.hash) return;
  const token = window.location.hash.slice(1).replace(/[^0-9A-Za-z-]/g, "");
  window.history.replaceState(null, "", window.location.pathname);
  field.value = token;
}

document.querySelectorAll("[data-survey]").forEach((form) => new Survey(form).start());
forgetSent();
takeToken();
window.addEventListener("hashchange", takeToken);
