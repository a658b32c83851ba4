import { ActionIcon } from "../../components/ui/action-icon.tsx";
import { ButtonAnchor } from "../../components/ui/button.tsx";
import { type Choice, choiceName, distinctChoices } from "./choice-view.ts";
import { inOrder, type Playable } from "./offers.ts";

/** The files that a visitor may download, each size once. Nothing if the link allows none. */
export function Downloads({ renditions }: Pick<Playable, "renditions">) {
  const urls = new Map<Choice["id"], string>();
  for (const { label, downloadUrl } of renditions) {
    if (downloadUrl !== undefined) urls.set(label, downloadUrl);
  }
  const files: Choice[] = inOrder(renditions.map(({ label, ...size }) => ({ ...size, id: label })));
  const links = distinctChoices(files, files[0]?.id ?? "hls").flatMap((file) => {
    const url = urls.get(file.id);
    return url === undefined ? [] : [{ name: choiceName(file), url }];
  });
  if (links.length === 0) return null;
  return (
    <ul aria-label="Downloads" className="flex flex-wrap gap-2">
      {links.map(({ name, url }) => (
        <li key={name}>
          <ButtonAnchor href={url} download>
            <ActionIcon name="download" />
            Download {name}
          </ButtonAnchor>
        </li>
      ))}
    </ul>
  );
}
