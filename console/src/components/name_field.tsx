import { Button, Input } from "antd";
import { type ReactNode, useId, useState } from "react";
import styles from "./name_field.module.css";

interface Props {
  label: string;
  // On the button.
  action: string;
  names: readonly string[];
  busy?: boolean;
  // Said below when what was written is none of the names; `clear` empties the field.
  unknown: ReactNode | ((name: string, clear: () => void) => ReactNode);
  onChoose(name: string): void;
}

// One of many names, written with the browser's own suggestions; Enter takes it.
export function NameField({ label, action, names, busy = false, unknown, onChoose }: Props) {
  const list = useId();
  const [text, setText] = useState("");
  const [wrong, setWrong] = useState(false);
  // Made meanwhile, it is known.
  const isUnknown = wrong && text !== "" && !names.includes(text.trim());
  const choose = () => {
    const name = text.trim();
    if (name === "") return;
    setWrong(!names.includes(name));
    if (!names.includes(name)) return;
    setText("");
    onChoose(name);
  };
  return (
    <div className={styles.field}>
      <Input
        list={list}
        aria-label={label}
        aria-invalid={isUnknown}
        placeholder={label}
        autoComplete="off"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setWrong(false);
        }}
        onPressEnter={(event) => {
          event.preventDefault();
          choose();
        }}
      />
      <datalist id={list}>
        {names.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <Button loading={busy} onClick={choose}>
        {action}
      </Button>
      {isUnknown && (
        <p role="alert" className={styles.unknown}>
          {typeof unknown === "function" ? unknown(text.trim(), () => setText("")) : unknown}
        </p>
      )}
    </div>
  );
}
