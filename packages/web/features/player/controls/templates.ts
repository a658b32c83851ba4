/** Corrects the shadow roots of media-chrome while it defines its elements. It writes each from the HTML of a static method. */

type WithTemplate = CustomElementConstructor & { getTemplateHTML?: (...args: unknown[]) => string };

/** The HTML with the nonce in each of its style elements. */
export function withNonce(html: string, nonce: string): string {
  return html.replace(/<style(?! nonce=)/g, `<style nonce="${nonce}"`);
}

/**
 * The HTML of a menu whose first line leads back. It becomes an item, because a menu may contain no button, and its name
 * contains the text that it shows.
 */
export function withBackItem(html: string): string {
  return html
    .replace(/(<button part="back button") aria-label="[^"]*"/, '$1 role="menuitem"')
    .replace(
      /<svg aria-hidden="true"([^>]* part="back indicator")/,
      '<svg role="img" aria-label="Back from"$1',
    );
}

/** The HTML of a preview over the seek bar. Its picture repeats what the time beside it says. */
export function withAlt(html: string): string {
  return html.replace(/<img (?![^>]*\balt=)/g, '<img alt="" ');
}

/**
 * Runs `load`, and corrects the HTML of each element that it defines. Its style elements need the nonce of this page:
 * media-chrome has no option for that, and `style-src` would have to allow every inline style.
 */
export async function definedWithTemplates<Module>(load: () => Promise<Module>): Promise<Module> {
  const nonce = document.querySelector<HTMLScriptElement>("script[nonce]")?.nonce;
  const { define } = customElements;
  customElements.define = (name, defined: WithTemplate, options) => {
    const template = defined.getTemplateHTML;
    if (template) {
      defined.getTemplateHTML = function (...args) {
        const html = withAlt(withBackItem(template.apply(this, args)));
        return nonce ? withNonce(html, nonce) : html;
      };
    }
    define.call(customElements, name, defined, options);
  };
  try {
    return await load();
  } finally {
    customElements.define = define;
  }
}
