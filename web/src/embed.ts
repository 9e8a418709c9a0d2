/** Is this the page without its header, in a frame of another page? */
export const embedded = "embed" in document.documentElement.dataset;
