/**
 * Shows text before the title of the page, whichever page that is. A page that sets its title meanwhile gets the text
 * before it, too. An empty text restores the title.
 */
export function titlePrefix(): (text: string) => void {
  let title = "";
  let prefix = "";
  const write = () => {
    document.title = `${prefix}${title}`;
  };
  const observer = new MutationObserver(() => {
    const shown = document.title;
    // While a page replaces its title, there may be none. What this function has written is no news.
    if (shown === "" || shown === `${prefix}${title}`) return;
    title = shown;
    write();
  });
  return (text) => {
    if (text === prefix) return;
    if (prefix === "") {
      title = document.title;
      observer.observe(document.head, { childList: true, characterData: true, subtree: true });
    }
    prefix = text;
    if (text === "") observer.disconnect();
    write();
  };
}
