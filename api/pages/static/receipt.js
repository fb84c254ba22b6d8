// Copies the receipt code. Without this the code is marked and copied by hand.
for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = "已复制";
    setTimeout(() => { button.textContent = "复制"; }, 2000);
  });
}
