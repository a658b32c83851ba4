import { notFound } from "next/navigation";

/** Every address without a page, so that "not found" has the header, and uploads go on behind it. */
export default function Page(): never {
  notFound();
}
