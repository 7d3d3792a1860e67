// Select2 draws a text box of its own for each select and gives it no name: it takes the select's label.
function name(box) {
  const select = document.getElementById(box.id.replace(/^select2-(.*)-container$/, "$1"));
  const label = select?.labels?.[0]?.textContent.trim() || select?.getAttribute("aria-label");
  if (label) box.setAttribute("aria-label", label.replace(/:$/, ""));
}

function nameAll() {
  for (const box of document.querySelectorAll(".select2-selection__rendered:not([aria-label])")) name(box);
  for (const search of document.querySelectorAll(".select2-search__field:not([aria-label])")) {
    const label = search.closest("td, .form-row")?.querySelector("label")?.textContent;
    if (label) search.setAttribute("aria-label", label.trim().replace(/:$/, ""));
  }
}

// Its “clear all” stands in a list where only items may stand; each item has its own cross.
for (const select of document.querySelectorAll("select[multiple].admin-autocomplete")) select.dataset.allowClear = "false";
new MutationObserver(nameAll).observe(document.body, { childList: true, subtree: true });
nameAll();
