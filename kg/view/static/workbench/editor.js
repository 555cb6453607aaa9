// The SPARQL editor: YASGUI on our endpoint, with the named questions as examples. Nothing else is fetched.
"use strict";
const queries = JSON.parse(document.getElementById("queries").textContent);
const endpoint = location.origin + "/sparql";
const editor = new Yasgui(document.getElementById("yasgui"), {
  requestConfig: { endpoint, method: "POST" },
  endpointCatalogueOptions: { getData: () => [{ endpoint }] },
  autocompleters: ["variables"],
  yasqe: { autocompleters: ["variables"], value: queries[""], persistent: null },
  copyEndpointOnNewTab: true,
  persistenceId: null,
});
document.getElementById("examples").addEventListener("change", (event) => {
  const text = queries[event.target.value];
  if (text) editor.getTab().setQuery(text);
});
document.documentElement.dataset.ready = "yes";
