import { notFound } from "next/navigation";

/** Every URL without a page, so that "not found" has the header, and uploads continue. */
export default function Page(): never {
  notFound();
}
