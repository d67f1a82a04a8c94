/* Enhancement only: every page works without this file. */
import { copyButtons } from "./copy.js";
import { disableOnce } from "./disable-once.js";
import { printButtons } from "./print.js";

disableOnce(document);
printButtons(document);
copyButtons(document);

/* The summary of mistakes takes the focus, so that a screen reader hears it first. */
document.querySelector("[data-error-summary]")?.focus();
