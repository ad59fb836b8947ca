// What was typed before the session ended is sent on as soon as the same person is back.
/** @type {HTMLFormElement | null} */
const again = document.querySelector("form[data-resume]");
again?.requestSubmit();
