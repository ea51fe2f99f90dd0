// Small comforts. Every page works without this file.
"use strict";

(function () {
  document.documentElement.classList.add("js");

  // "/" looks for a person, unless somebody is typing.
  document.addEventListener("keydown", function (event) {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || typing) return;
    const field = document.getElementById("q");
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.select();
  });

  // A button that opens a dialog carries its id; a link beside it leads to the same form as a page.
  document.addEventListener("click", function (event) {
    const opener = event.target.closest("[data-dialog]");
    if (opener) {
      const dialog = document.getElementById(opener.dataset.dialog);
      if (dialog && dialog.showModal) {
        event.preventDefault();
        dialog.showModal();
      }
      return;
    }
    const closer = event.target.closest("[data-close]");
    if (!closer) return;
    const dialog = closer.closest("dialog");
    if (dialog) {
      event.preventDefault();
      dialog.close();
    }
    const toast = closer.closest(".toast");
    if (toast) toast.remove();
  });

  // The bulk bar shows how many rows are chosen.
  function count(form) {
    const boxes = form.querySelectorAll("input[type=checkbox][data-row]");
    const chosen = Array.from(boxes).filter(function (box) { return box.checked; });
    boxes.forEach(function (box) { box.closest("tr").setAttribute("aria-selected", String(box.checked)); });
    form.querySelectorAll("[data-chosen]").forEach(function (place) { place.textContent = String(chosen.length); });
    const all = form.querySelector("[data-all]");
    if (all) {
      all.checked = boxes.length > 0 && chosen.length === boxes.length;
      all.indeterminate = chosen.length > 0 && chosen.length < boxes.length;
    }
  }

  document.addEventListener("change", function (event) {
    const box = event.target;
    if (box.matches("[data-submit]") && box.form) { box.form.requestSubmit(); return; }
    if (!box.matches("[data-all], [data-row]") || !box.form) return;
    if (box.matches("[data-all]")) {
      box.form.querySelectorAll("input[data-row]").forEach(function (row) { row.checked = box.checked; });
    }
    count(box.form);
  });

  // A refused form is read out from its summary; a new panel from its heading.
  function settle(root) {
    root.querySelectorAll("[data-all]").forEach(function (all) {
      all.hidden = false;
      if (all.form) count(all.form);
    });
    const summary = root.querySelector(".error-summary");
    if (summary) summary.focus();
  }

  document.addEventListener("DOMContentLoaded", function () { settle(document); });
  document.addEventListener("htmx:afterSettle", function (event) {
    settle(event.target);
    const heading = event.target.querySelector("[data-focus]");
    if (heading && !event.target.querySelector(".error-summary")) heading.focus();
  });
  // A refusal (409, 422) is an answer with a page to show, not an accident.
  document.addEventListener("htmx:beforeSwap", function (event) {
    if ([403, 404, 409, 422].includes(event.detail.xhr.status)) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });
  // Figures of the machinery are read again while somebody looks; no page on which one writes does this.
  setInterval(function () {
    if (document.visibilityState === "visible" && window.htmx) window.htmx.trigger(document.body, "tick");
  }, 10000);
  // A step's questions come into the dialog; once it is taken, the dialog goes.
  document.addEventListener("htmx:afterSwap", function (event) {
    const dialog = event.target;
    if (dialog.tagName === "DIALOG" && !dialog.open) dialog.showModal();
  });
  document.addEventListener("step-taken", function () {
    document.querySelectorAll("dialog[open]").forEach(function (dialog) { dialog.close(); });
  });
  document.addEventListener("htmx:configRequest", function (event) {
    const token = document.querySelector("meta[name=csrf-token]");
    if (token) event.detail.headers["X-CSRFToken"] = token.content;
  });
})();
