// The checks of kiosk/certificates/{qr,cose,trust}.py, step by step the same. Nothing here asks a
// network, and nothing raises: every text has a finding. Times are epoch seconds.

import { ed25519 } from "@noble/curves/ed25519.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { decode, encode } from "cborg";

export const PREFIX = "KC1:";
export const NO_END = 253402185600; // 9999-12-31 in China: a certificate without an end
const LONGEST = 4296; // the most that a QR code holds
const LARGEST_LIST = 8 * 1024 * 1024;
const SKEW = 300; // seconds that a clock may be slow
const HASH = 16;
const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const CLAIMS = [
  [1, "authority", "string"],
  [4, "valid_until", "number"],
  [6, "issued", "number"],
  ["no", "number", "string"],
  ["task", "task", "string"],
  ["holder", "holder", "string"],
  ["id", "id", "string"],
  ["sum", "sum", "string"],
];
const utf8 = new TextEncoder();

export const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
export const unhex = (text) => Uint8Array.from(text.match(/../g) ?? [], (two) => parseInt(two, 16));
const same = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);

function joined(...parts) {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

// RFC 9285; null where the text is not the one encoding of some bytes.
export function base45(text) {
  if (text.length % 3 === 1) return null;
  const out = [];
  for (let i = 0; i < text.length; i += 3) {
    const digits = Array.from(text.slice(i, i + 3), (c) => ALPHABET.indexOf(c));
    if (digits.includes(-1)) return null;
    const value = digits.reduceRight((sum, digit) => sum * 45 + digit, 0);
    if (digits.length === 3) {
      if (value > 0xffff) return null;
      out.push(value >> 8, value & 0xff);
    } else {
      if (value > 0xff) return null;
      out.push(value);
    }
  }
  return Uint8Array.from(out);
}

// A COSE_Sign1 message in the one encoding that is made: {kid, protected, payload, signature}.
function takenApart(message) {
  try {
    const tags = { 18: (content) => content() };
    const [head, unprotected, payload, signature] = decode(message, { tags, useMaps: true });
    const kid = decode(head, { useMaps: true }).get(4);
    if (![kid, payload, signature].every((part) => part instanceof Uint8Array)) return null;
    if (unprotected.size !== 0) return null;
    const protectedHead = joined([0xa2, 0x01, 0x27, 0x04], encode(kid));
    const parts = [encode(protectedHead), [0xa0], encode(payload), encode(signature)];
    if (!same(joined([0xd2, 0x84], ...parts), message)) return null;
    return { kid, head: protectedHead, payload, signature };
  } catch {
    return null;
  }
}

function signatureHolds({ head, payload, signature }, key) {
  try {
    const message = joined(
      [0x84], encode("Signature1"), encode(head), [0x40], encode(payload));
    return ed25519.verify(signature, message, key, { zip215: false });
  } catch {
    return false;
  }
}

// The signed list of keys and revoked certificates; null: damaged, or signed by no anchor.
export function readList(content, anchors) {
  if (content.length > LARGEST_LIST) return null;
  const taken = takenApart(content);
  const anchor = taken && anchors[hex(taken.kid)];
  if (!anchor || !signatureHolds(taken, unhex(anchor))) return null;
  try {
    const given = decode(taken.payload, { useMaps: true });
    const keys = {};
    for (const [kid, key, since, until, revoked] of given.get("keys")) {
      keys[hex(kid)] = { key, since, until, revoked };
    }
    return {
      serial: given.get("serial"),
      issued: given.get(6),
      nextUpdate: given.get(4),
      keys,
      revoked: new Set(given.get("certificates").map(hex)),
    };
  } catch {
    return null;
  }
}

function claimsOf(payload) {
  try {
    const given = decode(payload, { useMaps: true });
    const claims = {};
    for (const [claim, name, kind] of CLAIMS) {
      const value = given.get(claim);
      if (typeof value !== kind || (kind === "number" && !Number.isInteger(value))) return null;
      claims[name] = value;
    }
    return claims;
  } catch {
    return null;
  }
}

function standing(claims, key, list, now) {
  const inUse = key.since <= claims.issued && claims.issued <= key.until;
  if (key.revoked || !inUse) return "key_revoked";
  const hash = sha256(utf8.encode(`certificate ${claims.number}`)).slice(0, HASH);
  if (list.revoked.has(hex(hash))) return "revoked";
  if (now > claims.valid_until) return "expired";
  return now + SKEW < claims.issued ? "not_yet_valid" : "ok";
}

// {reason, claims?, stale?} of a QR code's text. `list` may be null: then nothing is believed.
export function checkText(text, list, now) {
  const code = text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, "");
  if (!code.startsWith(PREFIX)) return { reason: "not_a_certificate" };
  if (!list) return { reason: "no_trust" };
  if (code.length - PREFIX.length > LONGEST) return { reason: "changed" };
  const sealed = base45(code.slice(PREFIX.length));
  const taken = sealed && takenApart(sealed);
  if (!taken) return { reason: "changed" };
  const key = list.keys[hex(taken.kid)];
  if (!key) return { reason: "unknown_issuer" };
  if (!signatureHolds(taken, key.key)) return { reason: "changed" };
  const claims = claimsOf(taken.payload);
  if (!claims) return { reason: "not_a_certificate" };
  return { reason: standing(claims, key, list, now), claims, stale: now > list.nextUpdate };
}

// The texts of all codes in one picture: the first that is not valid, is told.
export function checkCodes(texts, list, now) {
  if (!texts.length) return { reason: "unreadable" };
  const ours = texts.filter((text) => text.startsWith(PREFIX));
  const found = (ours.length ? ours : texts.slice(0, 1)).map((t) => checkText(t, list, now));
  return found.find((verdict) => verdict.reason !== "ok") ?? found[0];
}
