// In the workbench the page holds a part of the store; what a node touches beyond it is fetched when asked for.
async function fetchAround(id) {
  announce("\u2026");
  const answer = await fetch(settings.live + encodeURIComponent(id));
  if (!answer.ok) return announce(answer.statusText);
  const more = await answer.json();
  const shift = records.sentences.length;
  records.sentences.push(...more.sentences);
  const anchor = nodes.get(id);
  let turn = 0;
  for (const node of more.nodes) {
    if (node.sentence !== undefined) node.sentence += shift;
    if (nodes.has(node.id)) continue;
    turn += 1;
    const angle = turn * 2.399963, radius = 90 + 34 * Math.sqrt(turn);
    Object.assign(node, { core: false, x: anchor.x + radius * Math.cos(angle), y: anchor.y + radius * Math.sin(angle) });
    records.nodes.push(node);
    take.nodes(node);
  }
  for (const claim of more.edges) {
    if (claim.sentence !== undefined) claim.sentence += shift;
    if (claims.has(claim.id)) continue;
    records.edges.push(claim);
    take.edges(claim);
  }
  keys = null;
  countAll();
  announce("");
}
