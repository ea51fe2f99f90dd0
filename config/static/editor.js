// Writing a policy: line numbers that follow, marks where it is wrong, the sentence of the rule being written, words
// to complete. Without this file the page is a text box with numbers beside it, checked when it is saved.
"use strict";

(function () {
  const form = document.getElementById("editor-form");
  const box = form && form.querySelector("textarea[name=text]");
  if (!box) return;
  const editor = box.closest(".editor");
  const numbers = editor.querySelector("ol");
  const list = document.getElementById("editor-words");
  const reading = document.getElementById("reading");
  const SPARE = 12;
  let sent = false;

  // Places count from 1.
  function here() {
    const before = box.value.slice(0, box.selectionStart);
    const line = before.split("\n").length;
    return { line: line, column: before.length - before.lastIndexOf("\n") };
  }
  function offset(line, column) {
    const lines = box.value.split("\n");
    const start = lines.slice(0, line - 1).reduce(function (sum, text) { return sum + text.length + 1; }, 0);
    return Math.min(start + column - 1, start + (lines[line - 1] || "").length);
  }
  const lineHeight = function () { return parseFloat(getComputedStyle(box).lineHeight); };

  function number() {
    const wanted = box.value.split("\n").length + SPARE;
    box.rows = wanted;
    while (numbers.children.length > wanted) numbers.lastElementChild.remove();
    while (numbers.children.length < wanted) {
      const item = document.createElement("li");
      item.id = "L" + (numbers.children.length + 1);
      item.textContent = String(numbers.children.length + 1);
      numbers.append(item);
    }
  }

  function mark() {
    Array.from(numbers.children).forEach(function (item) { delete item.dataset.mark; });
    let wrong = false;
    reading.querySelectorAll(".marks [data-line]").forEach(function (found) {
      const item = numbers.children[Number(found.dataset.line) - 1];
      if (!item || item.dataset.mark === "error") return;
      item.dataset.mark = found.dataset.level;
      wrong = wrong || found.dataset.level === "error";
    });
    box.setAttribute("aria-invalid", String(wrong));
  }

  // The sentence of the rule in which one writes.
  function follow(scrolls) {
    const line = here().line;
    let current = null;
    reading.querySelectorAll(".said").forEach(function (said) {
      said.removeAttribute("aria-current");
      const at = Number(said.dataset.line);
      if (at <= line && (!current || at >= Number(current.dataset.line))) current = said;
    });
    if (!current) return;
    current.setAttribute("aria-current", "true");
    if (scrolls && document.activeElement === box) reading.scrollTop = current.offsetTop - reading.offsetTop - 60;
  }

  function jump(line, column) {
    const place = offset(line, column);
    box.focus({ preventScroll: true });
    box.setSelectionRange(place, place);
    editor.scrollTop = Math.max(0, (line - 4) * lineHeight());
    editor.scrollIntoView({ block: "nearest" });
    follow(false);
  }

  // Words to complete -------------------------------------------------------------------------------------------
  let from = 1;
  let chosen = 0;
  function close() {
    list.hidden = true;
    list.replaceChildren();
    box.removeAttribute("aria-activedescendant");
  }
  function choose(place) {
    const options = list.children;
    if (!options.length) return;
    chosen = (place + options.length) % options.length;
    Array.from(options).forEach(function (option, index) {
      option.setAttribute("aria-selected", String(index === chosen));
    });
    box.setAttribute("aria-activedescendant", options[chosen].id);
    options[chosen].scrollIntoView({ block: "nearest" });
  }
  function accept() {
    const word = list.children[chosen] && list.children[chosen].dataset.word;
    const at = here();
    close();
    if (!word) return;
    box.setRangeText(word, offset(at.line, from), box.selectionStart, "end");
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }
  function offer(found) {
    close();
    from = found.from;
    found.words.forEach(function (word, index) {
      const option = document.createElement("li");
      option.id = "editor-word-" + index;
      option.setAttribute("role", "option");
      option.dataset.word = word.word;
      const note = document.createElement("small");
      note.textContent = word.note;
      option.append(word.word, " ", note);
      option.addEventListener("mousedown", function (event) { event.preventDefault(); choose(index); accept(); });
      list.append(option);
    });
    if (!found.words.length) return;
    list.hidden = false;
    list.style.top = String(here().line * lineHeight() + 14) + "px";
    choose(0);
  }
  function ask() {
    const body = new URLSearchParams({ text: box.value, line: here().line, column: here().column });
    const token = document.querySelector("meta[name=csrf-token]").content;
    fetch(editor.dataset.words, { method: "POST", body: body, headers: { "X-CSRFToken": token } })
      .then(function (answer) { return answer.ok ? answer.json() : { from: 1, words: [] }; })
      .then(offer)
      .catch(close);
  }

  box.addEventListener("keydown", function (event) {
    if (event.ctrlKey && event.code === "Space") { event.preventDefault(); ask(); return; }
    if ((event.ctrlKey || event.metaKey) && event.key === "s") { event.preventDefault(); form.requestSubmit(); return; }
    if (!list.hidden) {
      const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (move) { event.preventDefault(); choose(chosen + move); return; }
      if (event.key === "Enter" || event.key === "Tab") { event.preventDefault(); accept(); return; }
      if (event.key === "Escape") { event.preventDefault(); close(); return; }
    }
    if (event.key === "Enter" && !event.isComposing) {
      // The next line begins where this one does.
      const start = box.value.lastIndexOf("\n", box.selectionStart - 1) + 1;
      const indent = /^ */.exec(box.value.slice(start, box.selectionStart))[0];
      if (!indent) return;
      event.preventDefault();
      box.setRangeText("\n" + indent, box.selectionStart, box.selectionEnd, "end");
      box.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });
  box.addEventListener("input", function () { close(); number(); });
  box.addEventListener("blur", close);
  ["keyup", "click"].forEach(function (name) { box.addEventListener(name, function () { follow(true); }); });
  reading.addEventListener("click", function (event) {
    const link = event.target.closest("[data-jump]");
    if (!link) return;
    event.preventDefault();
    const place = link.closest("[data-line]");
    jump(Number(place.dataset.line), Number(place.dataset.column || 1));
  });
  document.addEventListener("htmx:afterSwap", function (event) {
    if (event.target === reading) { mark(); follow(true); }
  });
  form.addEventListener("submit", function () { sent = true; });
  window.addEventListener("beforeunload", function (event) {
    if (!sent && box.value !== box.defaultValue) event.preventDefault();
  });

  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-controls", "editor-words");
  number();
  mark();
  follow(false);
})();
