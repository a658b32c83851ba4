import { describe, expect, it, vi } from "vitest";
import { SignedFolder } from "./signed-folder.ts";

const FOLDER = "https://cdn/media/job/1/my%20video/hls";
const at = (signature: number) => ({
  url: `${FOLDER}/index.m3u8?Policy=p~_&Signature=${signature}`,
  expiresAtMs: signature * 60_000,
});
const BEFORE = () => 59_999;

describe("the signature of a folder", () => {
  it("is added to every request below the folder, and to no other", async () => {
    const folder = new SignedFolder(at(1), () => {});
    const query = "?Policy=p~_&Signature=1";
    const signed = (url: string) => folder.sign(url, BEFORE);
    expect(await signed(`${FOLDER}/index-720p.m3u8`)).toBe(`${FOLDER}/index-720p.m3u8${query}`);
    expect(await signed(at(1).url)).toBe(at(1).url);
    expect(await signed(`${FOLDER}-2/index.m3u8`)).toBe(`${FOLDER}-2/index.m3u8`);
    expect(await signed("https://elsewhere/a.ts")).toBe("https://elsewhere/a.ts");
  });

  it("is replaced by a newer one, and never by an older one", async () => {
    const folder = new SignedFolder(at(2), () => {});
    folder.renew(at(1));
    expect(await folder.sign(at(1).url, BEFORE)).toBe(at(2).url);
    folder.renew(at(3));
    expect(await folder.sign(at(1).url, BEFORE)).toBe(at(3).url);
    folder.renew({ url: "https://elsewhere/hls/index.m3u8?x", expiresAtMs: 9e9 });
    expect(await folder.sign(at(1).url, BEFORE)).toBe(at(3).url);
  });

  it("is requested again when it has expired, and the requests wait for it", async () => {
    const request = vi.fn();
    const folder = new SignedFolder(at(1), request);
    const both = Promise.all(
      ["a", "b"].map((name) => folder.sign(`${FOLDER}/${name}.cmfv`, () => 60_000)),
    );
    expect(request).toHaveBeenCalled();
    folder.renew(at(2));
    const query = "?Policy=p~_&Signature=2";
    expect(await both).toEqual([`${FOLDER}/a.cmfv${query}`, `${FOLDER}/b.cmfv${query}`]);
  });
});
