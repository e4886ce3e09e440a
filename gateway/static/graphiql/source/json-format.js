// A Prettier plugin for JSON with comments in a few lines: GraphiQL would load a whole JavaScript parser for it.
import { applyEdits, format } from "jsonc-parser";

const whole = { locStart: () => 0, locEnd: (text) => text.value.length };

export const parsers = {
  jsonc: { ...whole, astFormat: "jsonc", parse: (value) => ({ type: "text", value }) },
};

export const printers = {
  jsonc: {
    print: ({ node }) => applyEdits(node.value, format(node.value, undefined, { insertSpaces: true, tabSize: 2 })),
  },
};
