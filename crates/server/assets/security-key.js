// The one script of these pages: it asks the browser for a security key and sends the answer with the form it stands in.
// It fetches nothing, keeps nothing and shows nothing but what the page has brought along. W3C Web Authentication, Level 3.
"use strict";

(() => {
  const bytes = (text) =>
    Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

  // A key that is being used (section 5.5): which one is the person's choice, so that no list of keys is shown to anybody.
  const used = async (asked) => {
    const key = await navigator.credentials.get({
      publicKey: { challenge: bytes(asked.challenge), rpId: asked.party, userVerification: "required" },
    });
    return {
      credential: key.rawId,
      client_data: key.response.clientDataJSON,
      authenticator_data: key.response.authenticatorData,
      signature: key.response.signature,
      user_handle: key.response.userHandle ?? new ArrayBuffer(0),
    };
  };

  // A key that is being made (section 5.4): one that knows whose it is, and that asks for a PIN or a finger.
  const made = async (asked) => {
    const known = asked.known.split(" ").filter((id) => id !== "");
    const key = await navigator.credentials.create({
      publicKey: {
        challenge: bytes(asked.challenge),
        rp: { id: asked.party, name: asked.site },
        user: { id: bytes(asked.handle), name: asked.person, displayName: asked.person },
        pubKeyCredParams: [-8, -7].map((alg) => ({ type: "public-key", alg })),
        excludeCredentials: known.map((id) => ({ type: "public-key", id: bytes(id) })),
        authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
        attestation: "none",
      },
    });
    return { client_data: key.response.clientDataJSON, attestation: key.response.attestationObject };
  };

  const prepare = (form) => {
    const part = (name) => form.querySelector(`[data-${name}]`);
    const button = form.querySelector("button");
    part("off").hidden = true;
    part("on").hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      button.disabled = true;
      part("waits").hidden = false;
      part("failed").hidden = true;
      try {
        const answer = await (form.dataset.key === "create" ? made(form.dataset) : used(form.dataset));
        for (const [name, value] of Object.entries(answer)) form.elements[name].value = text(value);
        form.submit();
      } catch {
        part("failed").hidden = false;
        part("waits").hidden = true;
        button.disabled = false;
        button.focus();
      }
    });
  };

  if (window.PublicKeyCredential) document.querySelectorAll("form[data-key]").forEach(prepare);
})();
