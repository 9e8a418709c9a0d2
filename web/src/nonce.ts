/**
 * Lets the editor's own `<style>` element pass the Content-Security-Policy without allowing `style` attributes.
 * A static page cannot have a secret nonce; scripts are held by `script-src 'self'`, not by this.
 */
export const styleNonce = "editor";
