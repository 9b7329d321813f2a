"""The one lock of the XMP toolkit within exiv2, which has none of its own.

It keeps its namespaces in one table for the process, and meets XMP in pictures as well as in sidecars. Hold
`LOCK` while exiv2 reads or writes metadata; any thread.
"""

from __future__ import annotations

import threading

LOCK = threading.Lock()
