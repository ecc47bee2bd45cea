"""What allauth asks of the house about second factors."""

import base64
from hashlib import sha256

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


class Adapter(DefaultMFAAdapter):  # type: ignore[misc]
    """allauth keeps secrets in the clear unless told otherwise, and a backup may be stolen."""

    def encrypt(self, text: str) -> str:
        """Lock a secret with the site's key."""
        return _lock().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Unlock it, also when it was locked with an earlier key."""
        return _lock().decrypt(encrypted_text.encode()).decode()

    def _get_site_name(self) -> str:
        return f"Pejlemærker {settings.SITE_NAME}".strip()


def _lock() -> MultiFernet:
    keys = [str(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    prints = [sha256(b"second factor:" + key.encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(one)) for one in prints])
