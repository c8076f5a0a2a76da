// The page's hands: camera, file, text, list. What is true is decided in checks.js.

import { NO_END, checkCodes, checkText, readList } from "./checks.js";
import { codesIn, codesOf } from "./codes.js";
import words from "./words.json";

const KEPT = "kiosk-list"; // of the browser's storage, where there is one
const WAIT = 150; // ms between two looks of the camera
const DAY = { timeZone: "Asia/Shanghai", year: "numeric", month: "2-digit", day: "2-digit" };
const $ = (id) => document.getElementById(id);
const { anchors, list: embedded } = JSON.parse($("trust").textContent);
const bytes = (base64) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
const clock = () => Date.now() / 1000;
const both = ({ zh, en }) => [Object.assign(document.createElement("b"), { textContent: zh }),
  Object.assign(document.createElement("span"), { lang: "en", textContent: en })];

function kept() {
  try {
    return readList(bytes(localStorage.getItem(KEPT) ?? ""), anchors);
  } catch {
    return null;
  }
}

let list = readList(bytes(embedded), anchors);
const newer = kept();
if (newer && (!list || newer.serial > list.serial)) list = newer;
let stream = null;

function day(epoch) {
  if (epoch >= NO_END) return "长期 Without an end";
  const date = new Date(epoch * 1000);
  return isNaN(date) ? String(epoch) : date.toLocaleDateString("sv-SE", DAY);
}

function row(name, value) {
  const line = document.createElement("div");
  const label = document.createElement("dt");
  label.append(...both(words.labels[name]));
  line.append(label, Object.assign(document.createElement("dd"), { textContent: value }));
  return line;
}

function show(verdict) {
  const box = $("verdict");
  box.className = `card ${verdict.reason === "ok" ? "good" : "bad"}`;
  box.dataset.reason = verdict.reason;
  $("finding").replaceChildren(...both(words.findings[verdict.reason]));
  const claims = verdict.claims;
  $("claims").replaceChildren(...(claims ? [
    row("number", claims.number), row("authority", claims.authority),
    row("holder", claims.holder), row("id", claims.id), row("sum", claims.sum),
    row("issued", day(claims.issued)), row("valid_until", day(claims.valid_until)),
  ] : []));
  const notes = [verdict.stale && words.stale, claims && words.compare].filter(Boolean);
  $("notes").replaceChildren(...notes.map((note) => {
    const line = document.createElement("p");
    line.append(...both(note));
    return line;
  }));
  box.hidden = false;
  box.focus();
  return verdict;
}

function stopCamera() {
  stream?.getTracks().forEach((track) => track.stop());
  stream = null;
  $("view").hidden = true;
}

async function startCamera() {
  if (stream) return stopCamera();
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    return $("photo").click(); // no camera for a page here: the phone's own can still take a picture
  }
  const video = $("view");
  video.srcObject = stream;
  video.hidden = false;
  await video.play();
  while (stream) {
    const texts = await codesIn(video, video.videoWidth, video.videoHeight);
    if (texts.length && stream) {
      stopCamera();
      show(checkCodes(texts, list, clock()));
    }
    await new Promise((done) => setTimeout(done, WAIT));
  }
}

async function checkFile(file) {
  if (file) show(checkCodes(await codesOf(file), list, clock()));
}

function describeList() {
  $("list").textContent = list
    ? `No. ${list.serial} · ${day(list.issued)} → ${day(list.nextUpdate)}` : "—";
  $("list").classList.toggle("late", !list || clock() > list.nextUpdate);
}

async function update(file) {
  if (!file) return false;
  const content = new Uint8Array(await file.arrayBuffer());
  const given = readList(content, anchors);
  const taken = Boolean(given && (!list || given.serial >= list.serial));
  if (taken) {
    list = given;
    try {
      localStorage.setItem(KEPT, btoa(Array.from(content, (b) => String.fromCharCode(b)).join("")));
    } catch { /* no storage here: the list holds until the page is closed */ }
  }
  $("updated").replaceChildren(...both(taken ? words.updated : words.not_updated));
  describeList();
  return taken;
}

$("camera").addEventListener("click", startCamera);
$("photo").addEventListener("change", (event) => checkFile(event.target.files[0]));
$("picture").addEventListener("change", (event) => checkFile(event.target.files[0]));
$("check").addEventListener("click", () => show(checkText($("text").value, list, clock())));
$("update").addEventListener("change", (event) => update(event.target.files[0]));
document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", (event) => {
  event.preventDefault();
  checkFile(event.dataTransfer.files[0]);
});
describeList();
// For those who test the page: the same checks, many at once, at any time.
window.kioskVerifier = {
  texts: (texts, now) => texts.map((text) => checkText(text, list, now)),
  picture: async (blob, now) => checkCodes(await codesOf(blob), list, now),
};
