/**
 * Signs the requests of an HLS player. One signature allows a whole folder: the query of the multivariant playlist's
 * URL is added to the URL of each file below its folder.
 */
export class SignedFolder {
  readonly #folder: string;
  readonly #requestRenewal: () => void;
  #query: string;
  #expiresAtMs: number;
  #waiting: (() => void)[] = [];

  /** `requestRenewal` asks for a newer URL, which `renew` then receives. */
  constructor(first: { url: string; expiresAtMs: number }, requestRenewal: () => void) {
    const url = new URL(first.url);
    this.#folder = new URL(".", url).href;
    this.#query = url.search;
    this.#expiresAtMs = first.expiresAtMs;
    this.#requestRenewal = requestRenewal;
  }

  /** Uses the signature of a newer URL of the same folder from the next request on. */
  renew({ url, expiresAtMs }: { url: string; expiresAtMs: number }): void {
    if (!url.startsWith(this.#folder) || expiresAtMs <= this.#expiresAtMs) return;
    this.#query = new URL(url).search;
    this.#expiresAtMs = expiresAtMs;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** The URL with the signature. Waits for a new signature if this one has expired. */
  async sign(url: string, now = Date.now): Promise<string> {
    if (!url.startsWith(this.#folder)) return url;
    while (this.#expiresAtMs <= now()) {
      const renewed = new Promise<void>((resolve) => this.#waiting.push(resolve));
      this.#requestRenewal();
      await renewed;
    }
    const [plain = url] = url.split(/[?#]/, 1);
    return plain + this.#query;
  }
}
