import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { choice, float, maximize, space } from "../../mod.ts";
import { frameHTML, linkHTML, pictureHTML } from "../../lib/tuner/_frame.ts";
import { pictureOf } from "../../lib/tuner/_picture.ts";
import { trialOf } from "../support/views.ts";

const markup = `</script></style><img src=x onerror="alert('1')">`;

describe("what stands in the notebook's output", () => {
  it("the frame's script can be read, and nothing in it ends it early", () => {
    const html = frameHTML({
      id: "a-1",
      src: "http://127.0.0.1:1/x/",
      height: 900,
    });
    const script = html.match(/<script>([\s\S]*)<\/script>$/)![1]!;
    expect(script).not.toContain("</");
    expect(() => new Function(script)).not.toThrow();
    expect(html).not.toContain("<iframe");
  });

  it("the picture is hidden by a rule alone while its frame is there", () => {
    const html = pictureHTML("a-1", "<p>card</p>");
    expect(html).toContain(':has([data-etude-live="a-1"])');
    expect(html).not.toContain("<script");
  });

  it("markup in every field stays text", () => {
    const view = {
      name: markup,
      objectives: [maximize(markup)],
      space: space({ [markup]: float(0, 1), kind: choice([markup, "b"]) }),
      trials: [
        trialOf(0, { [markup]: 0.5, kind: markup }, {
          value: 1,
          curves: { [markup]: [1, 2] },
        }),
        trialOf(1, { [markup]: 0.5, kind: "b" }, {
          state: "failed",
          error: markup,
        }),
      ],
    };
    const html = pictureOf(view as never, {
      params: { [markup]: 0.5, kind: markup },
      pinned: [],
      ranges: {},
      compared: [],
    }, markup);
    expect(html).not.toContain("<img");
    expect(html).not.toContain("</script>");
    expect(html).toContain("&lt;img");
    expect(linkHTML(`http://x/"onclick="`)).not.toContain('"onclick="');
  });

  it("a study without trials has a picture too", () => {
    const view = {
      name: "new",
      objectives: [maximize("value")],
      space: space({ x: float(0, 1) }),
      trials: [],
    };
    expect(pictureOf(view as never, null, "again")).toContain("no trials yet");
  });
});
