export const S3_URL = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/(.+)$/s;

export function parseUrl(url: string): { Bucket: string; Key: string } {
  const [, Bucket = "", Key = ""] = S3_URL.exec(url) ?? [];
  return { Bucket, Key };
}
