/** Lists what is up for auction. */
export async function showItems(element, api) {
  const items = await (await fetch(`${api}/items`)).json();
  const list = document.createElement("ul");
  for (const { title } of items) {
    const entry = document.createElement("li");
    entry.textContent = title;
    list.append(entry);
  }
  element.replaceChildren(list);
}
