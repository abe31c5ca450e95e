// Which API to call is asked when the page opens: the same files serve every environment.
const config = await (await fetch("/config.json")).json();
const { showItems } = await import("./items.js");
await showItems(document.querySelector("#app"), config.API_URL);
