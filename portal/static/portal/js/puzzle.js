/**
 * Proof of work: a number whose SHA-256 together with the challenge begins with so many zero bits.
 * Written out, because browsers offer their own SHA-256 only over https, and an intranet may have
 * none. Works in small pieces, so that the page stays usable on an old phone.
 */

const ROUNDS = new Uint32Array(64);
const START = new Uint32Array(8);
{
  /* The constants are the first bits of the roots of the first primes (FIPS 180-4). */
  let count = 0;
  for (let candidate = 2; count < 64; candidate += 1) {
    let prime = true;
    for (let divisor = 2; divisor * divisor <= candidate; divisor += 1) {
      if (candidate % divisor === 0) prime = false;
    }
    if (!prime) continue;
    if (count < 8) START[count] = (Math.sqrt(candidate) % 1) * 4294967296;
    ROUNDS[count] = (Math.cbrt(candidate) % 1) * 4294967296;
    count += 1;
  }
}
/* So long the page may stand still at once. */
const PIECE_MILLISECONDS = 40;
const turned = (word, bits) => (word >>> bits) | (word << (32 - bits));

/**
 * The first 32 bits of the SHA-256 of a short ASCII text (at most 55 characters).
 * @param {string} text
 * @returns {number}
 */
export function firstWord(text) {
  const words = new Uint32Array(64);
  for (let place = 0; place < text.length; place += 1) {
    words[place >> 2] |= text.charCodeAt(place) << (24 - (place & 3) * 8);
  }
  words[text.length >> 2] |= 0x80 << (24 - (text.length & 3) * 8);
  words[15] = text.length * 8;
  for (let place = 16; place < 64; place += 1) {
    const late = words[place - 15];
    const soon = words[place - 2];
    const first = turned(late, 7) ^ turned(late, 18) ^ (late >>> 3);
    const second = turned(soon, 17) ^ turned(soon, 19) ^ (soon >>> 10);
    words[place] = words[place - 16] + first + words[place - 7] + second;
  }
  let [a, b, c, d, e, f, g, h] = START;
  for (let place = 0; place < 64; place += 1) {
    const chosen = (e & f) ^ (~e & g);
    const mixed = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25);
    const one = (h + mixed + chosen + ROUNDS[place] + words[place]) | 0;
    const most = (a & b) ^ (a & c) ^ (b & c);
    const two = ((turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + most) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + one) | 0;
    d = c;
    c = b;
    b = a;
    a = (one + two) | 0;
  }
  return (START[0] + a) >>> 0;
}

/**
 * Finds the number.
 * @param {string} nonce
 * @param {number} bits at most 32
 * @returns {Promise<string>}
 */
export async function solve(nonce, bits) {
  let began = performance.now();
  for (let number = 0; ; number += 1) {
    if (firstWord(`${nonce}:${number}`) >>> (32 - bits) === 0) return String(number);
    /* By time and not by count: a tab in the background is woken once a second only. */
    if (number % 256 === 255 && performance.now() - began > PIECE_MILLISECONDS) {
      await new Promise((go) => window.setTimeout(go, 0));
      began = performance.now();
    }
  }
}
