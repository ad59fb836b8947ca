// The count of what one is told stands in the title too, so that the tab says it: kept when parts of the page change.
document.addEventListener("swapped", () => {
  const count = document.getElementById("bell")?.dataset.count ?? "0";
  const plain = document.title.replace(/^\(\d+\) /, "");
  document.title = count === "0" ? plain : `(${count}) ${plain}`;
});
