// The paste page: sends the article, shows source and translation side by side.
const form = document.getElementById("paste");
const raw = document.getElementById("raw");
const status = document.getElementById("status");
const result = document.getElementById("result");

const EXAMPLE = `Trang chủ
Tin tức

Chủ tịch UBND tỉnh tiếp công dân định kỳ tháng 3

Thứ Sáu, 15/3/2024 | 14:05

Sáng 15/3/2024, Chủ tịch UBND tỉnh chủ trì buổi tiếp công dân định kỳ tháng 3. Đã có 12 lượt công dân đến trình bày ý kiến về đất đai và chế độ, chính sách.

Quang cảnh buổi tiếp công dân. Ảnh: Minh Hà

Chủ tịch UBND tỉnh yêu cầu các sở, ngành trả lời công dân trước ngày 30/3/2024 và công khai kết quả.

Minh Hà

Nguồn
Bình luận (0)
Tin liên quan`;

/** An element with a class and children; strings become text, so nothing is ever parsed as HTML. */
function element(name, className, ...children) {
  const node = document.createElement(name);
  if (className) node.className = className;
  node.append(...children);
  return node;
}

/** One side of a block: its segments as spans, the gaps between them as text. */
function side(block, which, language) {
  const text = [...block[which]]; // code points, which is what the spans count
  const cell = element("div");
  cell.lang = language;
  let at = 0;
  for (const segment of block.segments) {
    const [start, end] = segment[`${which}_span`];
    cell.append(text.slice(at, start).join(""));
    const span = element("span", "segment", text.slice(start, end).join(""));
    span.dataset.segment = segment.id;
    if (which === "target" && segment.findings.length) span.classList.add("flagged");
    if (which === "source") span.id = segment.id;
    cell.append(span);
    at = end;
  }
  cell.append(text.slice(at).join(""));
  return cell;
}

function pair(block, answer) {
  const row = element("div", `pair ${block.kind}`);
  row.append(
    element("div", "kind", block.kind.replace("_", " ")),
    side(block, "source", answer.source_language),
    side(block, "target", answer.target_language),
  );
  const messages = block.segments.flatMap((segment) => segment.findings.map((f) => f.message.en));
  if (messages.length) {
    row.append(element("ul", "findings", ...messages.map((text) => element("li", "", text))));
  }
  return row;
}

function summary(answer) {
  const box = element("div", "summary");
  for (const which of ["target", "source"]) {
    const sentences = answer.summary[which];
    if (!sentences.length) continue;
    const list = element("ul");
    list.lang = which === "target" ? answer.target_language : answer.source_language;
    for (const sentence of sentences) {
      const links = sentence.cites.map((id) => {
        const link = element("a", "", `[${id}]`);
        link.href = `#${id}`;
        return link;
      });
      list.append(element("li", "", sentence.text, " ", ...links));
    }
    box.append(element("h2", "", which === "target" ? "Summary" : "The same sentences in the source"), list);
  }
  return box;
}

function removed(answer) {
  const list = element("ul");
  for (const line of answer.removed) {
    list.append(element("li", "", `${line.line}: ${line.text} `, element("code", "", line.rule)));
  }
  return element("details", "removed", element("summary", "", `Removed lines (${answer.removed.length})`), list);
}

function show(answer) {
  const facts = [answer.published, answer.byline, answer.provenance.model, answer.provenance.quality];
  const verdict = element("span", `verdict ${answer.verdict}`, answer.verdict);
  result.replaceChildren(
    element("p", "", verdict, " ", answer.reasons.join("; ")),
    element("p", "facts", facts.filter(Boolean).join(" · ")),
    summary(answer),
    ...answer.blocks.map((block) => pair(block, answer)),
    removed(answer),
  );
  result.hidden = false;
  result.focus();
}

/** Light up both sides of the segment under the pointer. */
result.addEventListener("pointerover", (event) => {
  const id = event.target.closest(".segment")?.dataset.segment;
  for (const node of result.querySelectorAll(".segment")) {
    node.classList.toggle("lit", node.dataset.segment === id);
  }
});

document.getElementById("example").addEventListener("click", () => {
  raw.value = EXAMPLE;
  raw.focus();
});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = raw.value;
  const isHtml = /^\s*(<!doctype html|<html|<\?xml)/i.test(text) || /<body[\s>]/i.test(text.slice(0, 5000));
  const body = {
    [isHtml ? "html" : "text"]: text,
    target_language: form.target.value,
    summary: { sentences: Number(form.sentences.value) },
  };
  const button = form.querySelector("button[type=submit]");
  button.disabled = true;
  status.className = "";
  status.textContent = "Translating …";
  try {
    const response = await fetch("/v1/articles", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(`${answer.title}. ${answer.detail}`);
    status.textContent = "";
    show(answer);
  } catch (error) {
    result.hidden = true;
    status.className = "problem";
    status.textContent = error.message;
  } finally {
    button.disabled = false;
  }
});
