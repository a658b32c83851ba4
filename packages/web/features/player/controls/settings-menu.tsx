import { type RefObject, useState } from "react";
import { chosenLevel, levelOptions, levelValue } from "../level-view.ts";
import type { HlsChoices } from "../use-hls.ts";
import { linkAt } from "./time-link.ts";
import { BACKGROUND_OPTIONS, SIZE_OPTIONS, useCaptionsStyle } from "./use-captions-style.ts";

const RATES = "0.25 0.5 0.75 1 1.25 1.5 1.75 2";

type Option<Value extends string> = { value: Value; label: string };

type Props = { video: RefObject<HTMLVideoElement | null>; hls: HlsChoices | undefined };

/** Quality and sound of an adaptive stream, speed and captions. media-chrome itself fills the last two. */
export function SettingsMenu({ video, hls }: Props) {
  return (
    <media-settings-menu anchor="auto" hidden>
      {hls?.levels.some(({ height }) => height > 0) ? <Quality hls={hls} /> : null}
      {hls && hls.audioTracks.length > 1 ? <AudioTrack hls={hls} /> : null}
      <media-settings-menu-item>
        Speed
        <media-playback-rate-menu slot="submenu" hidden aria-label="Speed" rates={RATES}>
          <div slot="title">Speed</div>
        </media-playback-rate-menu>
      </media-settings-menu-item>
      <media-settings-menu-item className="player-captions">
        Captions
        <media-captions-menu slot="submenu" hidden aria-label="Captions">
          <div slot="title">Captions</div>
        </media-captions-menu>
      </media-settings-menu-item>
      <CaptionsLook video={video} />
      <Loop video={video} />
      <CopyLink video={video} />
    </media-settings-menu>
  );
}

function Quality({ hls }: { hls: HlsChoices }) {
  const { levels, current, chosen } = hls;
  return (
    <Choices
      name="Quality"
      options={levelOptions(levels, current, chosen === undefined)}
      value={levelValue(chosen)}
      onChoose={(value) => hls.choose(chosenLevel(value))}
    />
  );
}

function AudioTrack({ hls }: { hls: HlsChoices }) {
  return (
    <Choices
      name="Audio"
      options={hls.audioTracks.map(({ id, name }) => ({ value: String(id), label: name }))}
      value={String(hls.audioTrack ?? hls.audioTracks[0]?.id)}
      onChoose={(value) => hls.chooseAudioTrack(Number(value))}
    />
  );
}

function CaptionsLook({ video }: Pick<Props, "video">) {
  const { style, choose } = useCaptionsStyle(video);
  return (
    <>
      <Choices
        name="Captions size"
        className="player-captions-look"
        options={SIZE_OPTIONS}
        value={style.size}
        onChoose={(size) => choose({ size })}
      />
      <Choices
        name="Captions background"
        className="player-captions-look"
        options={BACKGROUND_OPTIONS}
        value={style.background}
        onChoose={(background) => choose({ background })}
      />
    </>
  );
}

type ChoicesProps<Value extends string> = {
  name: string;
  className?: string;
  options: readonly Option<Value>[];
  value: Value;
  onChoose(value: Value): void;
};

/** One line of the menu, whose own menu has these options. */
function Choices<Value extends string>(props: ChoicesProps<Value>) {
  const { name, className, options, value, onChoose } = props;
  return (
    <media-settings-menu-item className={className}>
      {name}
      <span slot="description">{options.find((option) => option.value === value)?.label}</span>
      <media-chrome-menu
        slot="submenu"
        hidden
        aria-label={name}
        onchange={(event) => {
          const { currentTarget: menu } = event;
          const chosen = options.find((one) => menu && "value" in menu && one.value === menu.value);
          if (chosen) onChoose(chosen.value);
        }}
      >
        <div slot="title">{name}</div>
        {options.map((option) => (
          <media-chrome-menu-item
            key={option.value}
            type="radio"
            value={option.value}
            checked={option.value === value}
          >
            {option.label}
          </media-chrome-menu-item>
        ))}
      </media-chrome-menu>
    </media-settings-menu-item>
  );
}

function Loop({ video }: Pick<Props, "video">) {
  const [on, setOn] = useState(() => video.current?.loop ?? false);
  const choose = () => {
    if (video.current) video.current.loop = !on;
    setOn(!on);
  };
  return <Action name="Loop" state={on ? "On" : "Off"} onChoose={choose} />;
}

function CopyLink({ video }: Pick<Props, "video">) {
  const [state, setState] = useState("");
  const copy = () => {
    const link = linkAt(location.href, video.current?.currentTime ?? 0);
    navigator.clipboard.writeText(link).then(
      () => setState("Copied"),
      () => setState("Not allowed"),
    );
  };
  return <Action name="Copy link at this time" state={state} onChoose={copy} />;
}

/** One line of the menu without a menu of its own. */
function Action({ name, state, onChoose }: { name: string; state: string; onChoose(): void }) {
  return (
    <media-settings-menu-item
      // Of the element itself: the menu stops the event before React receives it.
      onclick={onChoose}
      onKeyUp={(event) => {
        if (event.key === "Enter" || event.key === " ") onChoose();
      }}
    >
      {name}
      <span slot="description">{state}</span>
      <span slot="suffix" />
    </media-settings-menu-item>
  );
}
