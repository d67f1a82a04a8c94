// Checks an archive receipt without any server: file, ledger entry, path to the root, signed head.
// The rules are RFC 6962 (tree), C2SP signed-note (head) and Ed25519 (signature).
"use strict";

const words = JSON.parse(document.getElementById("words").textContent);
const trusted = JSON.parse(document.getElementById("known").textContent).keys;
const encoder = new TextEncoder();

class Damaged extends Error {}

function bytesOfHex(text) {
  if (typeof text !== "string" || text.length % 2 || !/^[0-9a-f]*$/.test(text)) throw new Damaged();
  return Uint8Array.from(text.match(/../g) || [], (pair) => parseInt(pair, 16));
}

function hexOf(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function bytesOfBase64(text) {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    throw new Damaged();
  }
}

function joined(...parts) {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let place = 0;
  for (const part of parts) {
    all.set(part, place);
    place += part.length;
  }
  return all;
}

async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

// The commitment of the entry: HMAC-SHA256 over the text with the salt as its key.
async function commitment(salt, text) {
  const key = await crypto.subtle.importKey(
    "raw", salt, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return hexOf(new Uint8Array(await crypto.subtle.sign("HMAC", key, encoder.encode(text))));
}

async function entryHash(entry) {
  const form = `{"commitment":${JSON.stringify(entry.commitment)},"kind":${JSON.stringify(entry.kind)},` +
    `"previous":${JSON.stringify(entry.previous)},"record":${JSON.stringify(entry.record)},"sequence":${entry.sequence}}`;
  return hexOf(await sha256(encoder.encode(form)));
}

// RFC 9162, 2.1.3.2: does the path lead from the leaf to the root?
async function leadsToRoot(leaf, index, size, path, root) {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return false;
  let place = BigInt(index);
  let last = BigInt(size) - 1n;
  let computed = await sha256(joined(new Uint8Array([0]), leaf));
  for (const sibling of path) {
    if (last === 0n) return false;
    if (place & 1n || place === last) {
      computed = await sha256(joined(new Uint8Array([1]), sibling, computed));
      while (!(place & 1n) && place) {
        place >>= 1n;
        last >>= 1n;
      }
    } else {
      computed = await sha256(joined(new Uint8Array([1]), computed, sibling));
    }
    place >>= 1n;
    last >>= 1n;
  }
  return last === 0n && hexOf(computed) === root;
}

function readHead(note) {
  const split = note.lastIndexOf("\n\n");
  if (split < 0) throw new Damaged();
  const text = note.slice(0, split + 1);
  const lines = text.split("\n");
  const signatures = note.slice(split + 2).split("\n").filter(Boolean).map((line) => {
    if (!line.startsWith("— ")) throw new Damaged();
    const space = line.lastIndexOf(" ");
    const raw = bytesOfBase64(line.slice(space + 1));
    return { name: line.slice(2, space), number: hexOf(raw.slice(0, 4)), raw: raw.slice(4) };
  });
  if (lines.length < 4 || !/^[0-9]+$/.test(lines[1])) throw new Damaged();
  const date = (lines.find((line) => line.startsWith("date ")) || "").slice(5);
  return { text, size: Number(lines[1]), root: hexOf(bytesOfBase64(lines[2])), date, signatures };
}

function readKey(text) {
  const [name, number, encoded] = text.trim().split("+");
  const raw = bytesOfBase64(text.trim().slice(name.length + 1 + number.length + 1) || encoded);
  if (raw.length !== 33 || raw[0] !== 1) throw new Damaged();
  return { name, number, raw: raw.slice(1) };
}

async function signedBy(head, keys) {
  for (const key of keys) {
    for (const one of head.signatures) {
      if (one.name !== key.name || one.number !== key.number) continue;
      const imported = await crypto.subtle.importKey("raw", key.raw, { name: "Ed25519" }, false, ["verify"]);
      return crypto.subtle.verify({ name: "Ed25519" }, imported, one.raw, encoder.encode(head.text));
    }
  }
  return false;
}

// Every step is [whether it holds, words]; nothing is left out because an earlier one failed.
async function check(receipt, file, givenHead, keys) {
  const steps = [];
  const step = (holds, said) => steps.push([Boolean(holds), said]);
  if (receipt.format !== "portal-archive-receipt/1") throw new Damaged();
  const { opened, proof } = receipt;
  const entry = proof.entry;
  const content = JSON.parse(opened.body);
  const digest = hexOf(await sha256(file));
  step(content.files.some((one) => one.sha256 === digest), words.file);
  step(content.record === receipt.record && entry.record === receipt.record, words.record);
  step((await commitment(bytesOfHex(opened.salt), opened.body)) === entry.commitment, words.opened);
  step((await entryHash(entry)) === entry.hash, words.entry);
  const path = proof.path.map(bytesOfHex);
  step(await leadsToRoot(bytesOfHex(entry.hash), entry.sequence - 1, proof.size, path, proof.root), words.path);
  const note = givenHead || proof.head;
  if (!note) {
    step(false, words.nohead);
    return steps;
  }
  const head = readHead(note);
  step(head.size === proof.size && head.root === proof.root, words.head.replace("%s", head.date));
  step(await signedBy(head, keys), words.signature);
  return steps;
}

const result = document.getElementById("result");

function show(steps, verdict, good) {
  result.replaceChildren();
  const title = document.createElement("p");
  title.className = good ? "verdict good" : "verdict bad";
  title.textContent = verdict;
  result.append(title);
  const list = document.createElement("ol");
  for (const [holds, said] of steps) {
    const item = document.createElement("li");
    item.className = holds ? "good" : "bad";
    item.textContent = `${holds ? "✓ " + words.yes : "✗ " + words.no}　${said}`;
    list.append(item);
  }
  result.append(list);
  result.focus();
}

async function bytesOf(id) {
  const chosen = document.getElementById(id).files[0];
  return chosen ? new Uint8Array(await chosen.arrayBuffer()) : null;
}

document.getElementById("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    const decoder = new TextDecoder("utf-8", { fatal: true });
    const receipt = await bytesOf("receipt");
    const file = await bytesOf("file");
    if (!receipt || !file) {
      show([], words.choose, false);
      return;
    }
    if (!crypto.subtle) {
      show([], words.browser, false);
      return;
    }
    const head = await bytesOf("head");
    const typed = document.getElementById("key").value.trim();
    const keys = (typed ? [typed] : trusted).map(readKey);
    const steps = await check(
      JSON.parse(decoder.decode(receipt)), file, head && decoder.decode(head), keys);
    const good = steps.every(([holds]) => holds);
    show(steps, good ? words.good : words.bad, good);
  } catch (error) {
    show([], error instanceof DOMException ? words.browser : words.damaged, false);
  }
});
