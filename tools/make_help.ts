/**
 * Makes `lib/notebook/_help_texts.ts` from the docstrings of the public doors,
 * for `help(…)`: the Deno kernel shows nothing on Shift+Tab.
 *
 * `deno task help` writes the file; with `--check` it only says whether the
 * file is up to date (exit code 1 if not).
 *
 * @module
 */

interface Doc {
  readonly doc?: string;
  readonly tags?: readonly {
    readonly kind: string;
    readonly name?: string;
    readonly doc?: string;
    readonly tsType?: { readonly repr: string };
  }[];
}

interface TypeReference {
  readonly repr?: string;
  readonly kind?: string;
  readonly value?: { readonly typeName?: string };
}

interface Parameter {
  readonly name?: string;
  readonly left?: { readonly name: string; readonly tsType?: TypeReference };
  readonly tsType?: TypeReference;
}

interface Member {
  readonly name: string;
  readonly jsDoc?: Doc;
  readonly kind?: string;
  readonly isStatic?: boolean;
  readonly functionDef?: { readonly params: readonly Parameter[] };
  readonly accessibility?: string;
}

interface Declaration {
  readonly kind: string;
  readonly jsDoc?: Doc;
  readonly def: {
    readonly params?: readonly Parameter[];
    readonly properties?: readonly Member[];
    readonly methods?: readonly Member[];
  };
}

interface DocSymbol {
  readonly name: string;
  readonly declarations: readonly Declaration[];
}

const root = new URL("../", import.meta.url);
const target = new URL("lib/notebook/_help_texts.ts", root);
const doors = [
  "mod.ts",
  "lib/report/mod.ts",
  "lib/tensorflow/mod.ts",
  "lib/tuner/mod.ts",
];

async function symbolsOf(door: string): Promise<DocSymbol[]> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["doc", "--json", door],
    cwd: root,
    env: { NO_COLOR: "1" },
  }).output();
  if (!success) {
    throw new Error(
      `Cannot read the docs of ${door}: ${new TextDecoder().decode(stderr)}`,
    );
  }
  const { nodes } = JSON.parse(new TextDecoder().decode(stdout)) as {
    nodes: Record<string, { symbols?: DocSymbol[] }>;
  };
  return Object.values(nodes).flatMap((node) => node.symbols ?? []);
}

function plain(text: string | undefined): string {
  return (text ?? "").replace(/\{@linkcode\s+([^}\s]+)[^}]*\}/g, "`$1`").trim();
}

function tagged(doc: Doc | undefined, kind: string): NonNullable<Doc["tags"]> {
  return doc?.tags?.filter((tag) => tag.kind === kind) ?? [];
}

function signature(name: string, params: readonly Parameter[]): string {
  return `${name}(${
    params.map((param) => param.name ?? param.left?.name ?? "…").join(", ")
  })`;
}

function optionsOf(
  params: readonly Parameter[],
  all: ReadonlyMap<string, DocSymbol>,
): string[] {
  return params.flatMap((param) => {
    const type = param.tsType ?? param.left?.tsType;
    const found = all.get(type?.value?.typeName ?? type?.repr ?? "");
    const declaration = found?.declarations.find(({ kind }) =>
      kind === "interface"
    );
    if (declaration === undefined || !/Options$/.test(found!.name)) return [];
    const members = [
      ...declaration.def.properties ?? [],
      ...declaration.def.methods ?? [],
    ];
    if (members.length === 0) return [];
    return [
      "**Options**",
      members.map((member) =>
        `- \`${member.name}\`: ${
          plain(member.jsDoc?.doc).replaceAll("\n", " ")
        }`
      ).join("\n"),
    ];
  });
}

function firstSentence(text: string): string {
  const flat = text.split("\n\n")[0]!.replaceAll("\n", " ");
  return /^(.*?[.:])(\s|$)/.exec(flat)?.[1]?.replace(/:$/, ".") ?? flat;
}

function common(doc: Doc | undefined): string[] {
  const parts: string[] = [];
  const throws = tagged(doc, "throws");
  if (throws.length > 0) {
    parts.push(
      "**Throws**",
      throws.map((tag) =>
        `- ${tag.tsType === undefined ? "" : `\`${tag.tsType.repr}\` `}${
          plain(tag.doc).replaceAll("\n", " ")
        }`
      ).join("\n"),
    );
  }
  for (const example of tagged(doc, "example")) {
    parts.push(
      "**Example**",
      plain(example.doc).replace(/^```ts ignore/, "```ts"),
    );
  }
  return parts;
}

function helpOf(
  symbol: DocSymbol,
  all: ReadonlyMap<string, DocSymbol>,
): string | null {
  const declaration = symbol.declarations.find(({ kind }) =>
    kind === "function" || kind === "class"
  );
  if (declaration === undefined) return null;
  const { jsDoc, def, kind } = declaration;
  const params = tagged(jsDoc, "param");
  const parts = [
    kind === "function"
      ? `### \`${signature(symbol.name, def.params ?? [])}\``
      : `### \`${symbol.name}\``,
    plain(jsDoc?.doc),
  ];
  if (kind === "function") {
    if (params.length > 0) {
      parts.push(
        params.map((tag) =>
          `- \`${tag.name}\`: ${plain(tag.doc).replaceAll("\n", " ")}`
        ).join("\n"),
      );
    }
    parts.push(...optionsOf(def.params ?? [], all));
  } else {
    const members = [...def.properties ?? [], ...def.methods ?? []].filter((
      member,
    ) =>
      member.accessibility === undefined && /^\w+$/.test(member.name) &&
      member.jsDoc?.doc !== undefined
    );
    parts.push(
      members.map((member) => {
        const called =
          member.functionDef !== undefined && member.kind === "method"
            ? signature(member.name, member.functionDef.params)
            : member.name;
        return `- \`${member.isStatic ? `${symbol.name}.` : "."}${called}\`: ${
          firstSentence(plain(member.jsDoc!.doc))
        }`;
      }).join("\n"),
    );
  }
  parts.push(...common(jsDoc));
  return parts.filter((part) => part !== "").join("\n\n");
}

async function generate(): Promise<string> {
  const symbols = (await Promise.all(doors.map(symbolsOf))).flat();
  const all = new Map(symbols.map((symbol) => [symbol.name, symbol]));
  const texts = [...all.values()]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((symbol) => {
      const text = helpOf(symbol, all);
      return text === null ? [] : [[symbol.name, text] as const];
    });
  const lines = texts.map(([name, text]) =>
    `  [${JSON.stringify(name)}, ${JSON.stringify(text)}],`
  );
  return `// Made by tools/make_help.ts from the docstrings; \`deno task help\` makes it anew.\n// deno-fmt-ignore-file\n\n/** Help by the name of a function or class, as Markdown. */\nexport const helpTexts: ReadonlyMap<string, string> = new Map([\n${
    lines.join("\n")
  }\n]);\n`;
}

if (import.meta.main) {
  const made = await generate();
  if (Deno.args.includes("--check")) {
    const current = await Deno.readTextFile(target).catch(() => "");
    if (current !== made) {
      console.error(
        "lib/notebook/_help_texts.ts is not up to date; run: deno task help",
      );
      Deno.exit(1);
    }
  } else {
    await Deno.writeTextFile(target, made);
    console.log(
      `wrote ${made.length} characters to lib/notebook/_help_texts.ts`,
    );
  }
}
