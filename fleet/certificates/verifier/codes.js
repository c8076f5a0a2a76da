// The texts of the QR codes in a picture: the same engine as the terminal's (ZXing-C++).

import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";
import wasm from "zxing-wasm/reader/zxing_reader.wasm";

const LARGEST = 100_000_000; // pixels
const OPTIONS = { formats: ["QRCode"] };

prepareZXingModule({ overrides: { wasmBinary: wasm.buffer } });

// Of anything a canvas can draw: a picture, or the camera's present frame.
export async function codesIn(source, width, height) {
  if (!width || !height || width * height > LARGEST) return [];
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.fillStyle = "#fff";
  context.fillRect(0, 0, width, height);
  context.drawImage(source, 0, 0, width, height);
  const found = await readBarcodes(context.getImageData(0, 0, width, height), OPTIONS);
  return found.filter((code) => code.isValid).map((code) => code.text);
}

// Of a picture's file; none where this is no picture that the browser knows.
export async function codesOf(file) {
  const url = URL.createObjectURL(file);
  try {
    const picture = new Image();
    picture.src = url;
    await picture.decode();
    return await codesIn(picture, picture.naturalWidth, picture.naturalHeight);
  } catch {
    return [];
  } finally {
    URL.revokeObjectURL(url);
  }
}
