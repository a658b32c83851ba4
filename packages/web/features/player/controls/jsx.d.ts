import type { DetailedHTMLProps, HTMLAttributes } from "react";

type Props = DetailedHTMLProps<HTMLAttributes<HTMLElement>, HTMLElement>;
type Menu = Props & {
  anchor?: string;
  rates?: string;
  /** React adds a listener for the event itself to a custom element. */
  onchange?: (event: Event) => void;
};

declare module "react" {
  // biome-ignore lint/style/noNamespace: React declares its elements in one, and only a namespace can add to it.
  namespace JSX {
    interface IntrinsicElements {
      "media-captions-button": Props;
      "media-captions-menu": Menu;
      "media-chrome-menu": Menu;
      "media-chrome-menu-item": Props & { type: string; value: string; checked: boolean };
      "media-control-bar": Props;
      "media-controller": Props & {
        fullscreenelement?: string;
        gesturesdisabled?: string | undefined;
        nohotkeys?: string;
        nomutedpref?: string | undefined;
        nosubtitleslangpref?: string;
        novolumepref?: string;
      };
      "media-fullscreen-button": Props;
      "media-loading-indicator": Props;
      "media-mute-button": Props;
      "media-pip-button": Props;
      "media-play-button": Props;
      "media-playback-rate-menu": Menu;
      "media-preview-chapter-display": Props;
      "media-preview-thumbnail": Props;
      "media-preview-time-display": Props;
      "media-settings-menu": Menu;
      "media-settings-menu-button": Props;
      "media-settings-menu-item": Props & { onclick?: () => void };
      "media-time-display": Props & { notoggle?: string; showduration?: string };
      "media-time-range": Props;
      "media-volume-range": Props;
    }
  }
}
