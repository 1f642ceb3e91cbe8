// In one file for all modules, `sideEffects: false` of package.json says nothing any more: a bundler keeps
// every constant whose making calls something. Here each of them is marked as free of effects, which our
// modules promise to be.

import { type Expression, parse } from "acorn";

/** Marks what the constants at the top of a module are made with. Moves no line. */
export function markPure(code: string): string {
  const { body } = parse(code, { ecmaVersion: "latest", sourceType: "module" });
  let marked = "";
  let end = 0;
  for (const statement of body) {
    if (statement.type !== "VariableDeclaration") continue;
    for (const { init } of statement.declarations) {
      if (init == null || isPlain(init)) continue;
      const made = code.slice(init.start, init.end);
      // What calls nothing and spreads nothing is seen to have no effect as it is.
      if (!/\(|\.\.\./.test(made)) continue;
      marked += `${code.slice(end, init.start)}/* @__PURE__ */ (() => (${made}))()`;
      end = init.end;
    }
  }
  return marked + code.slice(end);
}

/** What every bundler sees to have no effect, and what could not stand inside of a function. */
function isPlain(init: Expression): boolean {
  return [
    "Literal",
    "TemplateLiteral",
    "Identifier",
    "FunctionExpression",
    "ArrowFunctionExpression",
    "ClassExpression",
    "AwaitExpression",
  ].includes(init.type);
}
