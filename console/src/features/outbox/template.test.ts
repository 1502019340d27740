import type { Schema } from "@/api/client";
import { headersIn, headersText, objectIn, valuesOf } from "./template";

const value = (name: string) => `\${${name}}`;

describe("a template", () => {
  it("has headers, one a line", () => {
    const text = `Authorization: Bearer ${value("secret.token")}\nX-Time: 12:30`;
    const headers = headersIn(`${text}\n\n`);
    expect(headers).toEqual([
      { name: "Authorization", value: `Bearer ${value("secret.token")}` },
      { name: "X-Time", value: "12:30" },
    ]);
    expect(headersText(headers ?? [])).toBe(text);
    expect(headersIn("")).toEqual([]);
    expect(headersIn("no colon")).toBeNull();
    expect(headersIn(": nameless")).toBeNull();
  });

  it("tells which values it needs, each once", () => {
    const request: Schema["ChannelRequest"] = {
      method: "POST",
      url: `https://sms.example.com/send?to=${value("phone")}`,
      headers: [{ name: "A", value: `${value("secret.token")}${value("tenant")}` }],
      body_kind: "json",
      signature: {
        hash: "md5",
        key: "",
        text: `${value("vendor")}${value("timestamp")}${value("body")}`,
        encoding: "hex",
      },
      body: `{"to": "${value("phone")}", "id": "${value("effect_id")}", "p": "$$${value("x")}"}`,
    };
    const look_up = { request: { ...request, url: `https://a.example/${value("region")}` } };
    const definition = { name: "n", kind: "sms", account: 0, request, look_up, does_once: false };
    expect(valuesOf(definition)).toEqual(["phone", "x", "tenant", "vendor", "region"]);
  });

  it("reads an object or nothing", () => {
    expect(objectIn(" ")).toEqual({});
    expect(objectIn('{"a": 1}')).toEqual({ a: 1 });
    for (const text of ["[1]", "null", "1", "{"]) expect(objectIn(text)).toBeNull();
  });
});
