"""Uploads that do not fill the disk: past the limit a file is counted and thrown away, so that the form can say how
large it was.
"""

import io

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler


class CappedUpload(TemporaryFileUploadHandler):
    """Keeps a file on the disk while it is received, as long as there is room for it (UPLOAD_MAX_SIZE); small files
    are kept in memory by Django's own handler before this one.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Write the chunk, until there is no more room."""
        if start + len(raw_data) <= settings.UPLOAD_MAX_SIZE:
            return super().receive_data_chunk(raw_data, start)
        self.file.close()  # which deletes it
        return None

    def file_complete(self, file_size: int) -> "UploadedFile[bytes] | None":
        """Of a file that was too large, only its name and size are left."""
        if file_size <= settings.UPLOAD_MAX_SIZE:
            return super().file_complete(file_size)
        return UploadedFile(io.BytesIO(), name=self.file_name, content_type=self.content_type, size=file_size)
