/**
 * Uppy for the upload benchmark. npm loads it for this benchmark only, and Rolldown bundles it for the browser. It is
 * configured as its documentation says for a server that signs (https://uppy.io/docs/aws-s3).
 */
import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { rolldown } from "rolldown";

const FOLDER = resolve(import.meta.dirname, "../node_modules/.cache/bench");

/** Calls the signing server. */
const SIGN = `const sign = async (body) => {
  const response = await fetch("/bench/sign", { method: "POST", body: JSON.stringify(body) });
  if (!response.ok) throw new Error("The signing server answered " + response.status);
  return response.json();
};`;

const UPLOAD = `window.upload = async (files) => {
  uppy.addFiles(files.map((file) => ({ name: file.name, type: file.type, data: file })));
  const { failed } = await uppy.upload();
  if (failed.length > 0) throw new Error("Uppy did not upload " + failed.length + " files.");
};`;

/** One file is one PUT: the least that a page can do. */
export const PLAIN = `${SIGN}
window.upload = async ([file]) => {
  const { url } = await sign({ type: "put", name: file.name, contentType: file.type });
  await new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    xhr.open("PUT", url);
    xhr.setRequestHeader("content-type", file.type);
    xhr.onload = () => (xhr.status === 200 ? resolve() : reject(new Error(String(xhr.status))));
    xhr.onerror = () => reject(new Error("There was no response."));
    xhr.send(file);
  });
};`;

/** Multipart is used above 100 MiB, with six requests at once: Uppy's defaults. */
const OPTIONS = {
  "5": `
  getUploadParameters: async (file) => {
    const { url } = await sign({ type: "put", name: file.name, contentType: file.type });
    return { method: "PUT", url, fields: {}, headers: { "Content-Type": file.type } };
  },
  createMultipartUpload: (file) => sign({ type: "create", name: file.name, contentType: file.type }),
  signPart: (_, { key, uploadId, partNumber }) => sign({ type: "part", key, uploadId, partNumber }),
  listParts: (_, { key, uploadId }) => sign({ type: "list", key, uploadId }),
  completeMultipartUpload: (_, { key, uploadId, parts }) => sign({ type: "complete", key, uploadId, parts }),
  abortMultipartUpload: (_, { key, uploadId }) => sign({ type: "abort", key, uploadId }),`,
  "6": `
  signRequest: (request) => sign({ type: "any", request }),`,
};
export type Major = keyof typeof OPTIONS;

const PINNED: Record<Major, string[]> = {
  "5": ["@uppy/core@5.2.0", "@uppy/aws-s3@5.1.0"],
  "6": ["@uppy/core@6.3.1", "@uppy/aws-s3@6.3.1"],
};

/** Which packages are compared with. */
export const VERSIONS = Object.values(PINNED).flat().join(", ");

/** A script that sets `window.upload`. */
export async function uppyScript(major: Major): Promise<string> {
  const folder = join(FOLDER, `uppy-${major}`);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "package.json"), '{ "private": true, "type": "module" }');
  const flags = ["--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline"];
  await promisify(execFile)("npm", ["install", ...flags, ...PINNED[major]], { cwd: folder });
  const entry = join(folder, "entry.js");
  await writeFile(
    entry,
    `import Uppy from "@uppy/core";
import AwsS3 from "@uppy/aws-s3";
${SIGN}
const uppy = new Uppy().use(AwsS3, {${OPTIONS[major]}
});
${UPLOAD}`,
  );
  const bundle = await rolldown({ input: entry, platform: "browser", logLevel: "silent" });
  const { output } = await bundle.generate({ format: "iife", minify: true });
  await bundle.close();
  return output[0].code;
}
