export const BUCKET = "films";
export const credentials = { accessKeyId: "AKIDTEST", secretAccessKey: "secret" };
