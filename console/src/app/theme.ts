// Quiet surface, one accent, greys with a hint of green (console.md "Look").
import { type ThemeConfig, theme } from "antd";

export const ACCENT = "#0E8A5F";

// The accent with white text on it, or as text on white, reaches 4.36:1; AA asks for 4.5:1.
const ACCENT_READABLE = "#0B7650";
const ACCENT_ON_DARK = "#43B98C";

// Dark primaries are mixed anew; white text needs the readable one.
const UNDER_WHITE_TEXT = {
  colorPrimary: ACCENT_READABLE,
  colorPrimaryHover: "#0D6B49",
  colorPrimaryActive: "#0A5A3E",
};

// The other way round: on the lighter red dark text is read.
const ON_LIGHT_RED = { dangerColor: "#1F0A0B" };

// The class that carries the tokens as CSS variables: of every antd component, and of the page.
export const TOKENS = "siyu";

const FONT =
  'Inter, system-ui, -apple-system, "Segoe UI", "PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif';
const FONT_CODE =
  'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", "Noto Sans Mono CJK SC", "PingFang SC", monospace';

export interface Looks {
  dark: boolean;
  // Nothing moves.
  still: boolean;
}

export function themeFor({ dark, still }: Looks): ThemeConfig {
  const text = dark ? ACCENT_ON_DARK : ACCENT_READABLE;
  return {
    algorithm: dark ? theme.darkAlgorithm : theme.defaultAlgorithm,
    cssVar: { key: TOKENS },
    hashed: false,
    token: {
      motion: !still,
      colorPrimary: dark ? ACCENT : ACCENT_READABLE,
      colorInfo: dark ? ACCENT : ACCENT_READABLE,
      colorSuccess: text,
      colorSuccessBg: dark ? "#14332A" : "#E3F1EA",
      colorSuccessBorder: dark ? "#1A4035" : "#BBD9CA",
      // Error text reaches 4.5:1 too.
      colorError: dark ? "#F0787A" : "#C4282D",
      // Around what has the focus: 3:1.
      colorPrimaryBorder: dark ? ACCENT_ON_DARK : "#3E9A78",
      // Behind what is chosen; the palette made from so dark a green is grey.
      colorPrimaryBg: dark ? "#14332A" : "#E3F1EA",
      colorPrimaryBgHover: dark ? "#1A4035" : "#D3E8DE",
      colorInfoBg: dark ? "#14332A" : "#E3F1EA",
      colorInfoBorder: dark ? "#1A4035" : "#BBD9CA",
      controlItemBgActive: dark ? "#14332A" : "#E3F1EA",
      controlItemBgActiveHover: dark ? "#1A4035" : "#D3E8DE",
      colorLink: text,
      colorLinkHover: dark ? "#6BD0A8" : "#095E40",
      colorTextBase: dark ? "#E6EDE9" : "#16211C",
      colorBgBase: dark ? "#121714" : "#FFFFFF",
      colorBgLayout: dark ? "#0D110F" : "#F5F7F6",
      colorBgContainer: dark ? "#161C19" : "#FFFFFF",
      colorBgElevated: dark ? "#1C2420" : "#FFFFFF",
      colorBorder: dark ? "#323D38" : "#D3DBD7",
      colorBorderSecondary: dark ? "#242D29" : "#E6EBE8",
      colorTextSecondary: dark ? "#B0BDB6" : "#4A5A52",
      colorTextTertiary: dark ? "#93A29A" : "#5C6B64",
      colorTextQuaternary: dark ? "#93A29A" : "#66756E",
      colorTextPlaceholder: dark ? "#93A29A" : "#66756E",
      colorTextDescription: dark ? "#B0BDB6" : "#4A5A52",
      borderRadius: 8,
      controlHeight: 36,
      fontFamily: FONT,
      fontFamilyCode: FONT_CODE,
      motionDurationSlow: "0.18s",
      motionDurationMid: "0.14s",
    },
    components: {
      Button: {
        primaryShadow: "none",
        defaultShadow: "none",
        fontWeight: 500,
        ...(dark ? { ...UNDER_WHITE_TEXT, ...ON_LIGHT_RED } : {}),
      },
      Dropdown: { colorPrimary: text },
      // What is a box by its edge alone: 3:1, as AA asks of controls.
      Checkbox: { colorBorder: dark ? "#6B7A73" : "#83918A" },
    },
  };
}
