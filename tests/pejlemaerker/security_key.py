"""A security key made of software: answers as a real one does, so that the server's half can be tried by itself."""

import json
import os
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

HOST, ORIGIN = "localhost", "http://localhost"


class SecurityKey:
    """One key, for one site; `host` and `origin` are where its browser believes to be."""

    def __init__(self, host: str = HOST, origin: str = ORIGIN) -> None:
        self.host, self.origin = sha256(host.encode()).digest(), origin
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.number = os.urandom(16)

    def create(self, question: str) -> str:
        """Answer a site that wants to know the key."""
        public = ES256.from_cryptography_key(self.private.public_key())  # type: ignore[no-untyped-call]
        known = AttestedCredentialData.create(b"\0" * 16, self.number, public)
        data = AuthenticatorData.create(self.host, self._present | AuthenticatorData.FLAG.AT, 1, known)
        attested = AttestationObject.create("none", data, {})
        return self._answer(question, "webauthn.create", attestationObject=websafe_encode(attested))

    def get(self, question: str) -> str:
        """Answer a site that knows the key."""
        data = AuthenticatorData.create(self.host, self._present, 2)
        asked = sha256(self._client_data(question, "webauthn.get")).digest()
        signature = self.private.sign(data + asked, ec.ECDSA(hashes.SHA256()))
        return self._answer(
            question, "webauthn.get", authenticatorData=websafe_encode(data), signature=websafe_encode(signature)
        )

    _present = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV

    def _client_data(self, question: str, kind: str) -> CollectedClientData:
        challenge = json.loads(question)["publicKey"]["challenge"]
        return CollectedClientData.create(kind, challenge, self.origin)

    def _answer(self, question: str, kind: str, **response: Any) -> str:
        number, said = websafe_encode(self.number), websafe_encode(self._client_data(question, kind))
        told = {"id": number, "rawId": number, "type": "public-key", "response": {"clientDataJSON": said} | response}
        return json.dumps(told)
