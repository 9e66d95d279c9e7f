// The paste page: an example, a counter, and a word while the article is translated.
const form = document.getElementById("paste");
const raw = document.getElementById("raw");
const status = document.getElementById("status");
const count = document.getElementById("count");
const example = document.getElementById("example");
const button = form.querySelector("button[type=submit]");

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

const measure = () => { count.textContent = raw.value ? raw.value.length.toLocaleString() : ""; };
raw.addEventListener("input", measure);
measure();

example.hidden = false;
example.addEventListener("click", () => {
  raw.value = EXAMPLE;
  measure();
  raw.focus();
});

form.addEventListener("submit", () => {
  button.disabled = true;
  status.className = "";
  status.textContent = button.dataset.busy;
});

// The page may come back from the browser's store with the button as it was left.
addEventListener("pageshow", () => { button.disabled = false; });
